/** What came of each alternative and each of its requirements: one shape for `explain`, errors and MCP. */

export type RequirementStatus =
  /** Its credential is there. */
  | "satisfied"
  /** It needs the user in front of a browser or terminal, who was not asked. */
  | "interactive-required"
  /** It cannot be satisfied. */
  | "rejected"
  /** Nobody looked: another requirement or alternative had decided already. */
  | "not-tried";

export interface RequirementVerdict {
  readonly scheme: string;
  /** The scheme in words: `apiKey in header "X-Key"`. */
  readonly description: string;
  readonly scopes: readonly string[];
  /** The key under `secrets` that was found; `null` when there is none. */
  readonly secret: string | null;
  readonly status: RequirementStatus;
  /** Why, without full stop; holds no secret. */
  readonly reason: string;
  /** The command to run or the thing to change. */
  readonly hint: string | null;
  /** Where the credential goes: `header Authorization`. */
  readonly places: readonly string[];
}

export interface AlternativeVerdict {
  readonly status: "chosen" | "interactive-required" | "rejected" | "not-tried";
  /** Empty for an alternative that asks for nothing. */
  readonly requirements: readonly RequirementVerdict[];
}

export interface Verdict {
  readonly outcome:
    /** One alternative is satisfied. */
    | "chosen"
    /** The operation asks for nothing. */
    | "public"
    | "unresolved";
  readonly alternatives: readonly AlternativeVerdict[];
}

/** The names of an alternative's schemes: `oauth + apiKey`, or `no authentication`. */
function alternativeName({ requirements }: AlternativeVerdict): string {
  const names = requirements.map(({ scheme }) => scheme);
  return names.length === 0 ? "no authentication" : names.join(" + ");
}

/** One line per alternative and per requirement, for people. */
export function verdictLines(verdict: Verdict): string[] {
  if (verdict.outcome === "public") return ["The operation asks for no authentication"];
  return verdict.alternatives.flatMap((alternative, index) => [
    `${index + 1}. ${alternativeName(alternative)}: ${alternative.status}`,
    ...alternative.requirements.flatMap(requirementLines),
  ]);
}

function requirementLines(requirement: RequirementVerdict): string[] {
  const scopes = requirement.scopes.length === 0 ? "" : `, scopes ${requirement.scopes.join(" ")}`;
  const secret = requirement.secret === null ? "" : ` by secret "${requirement.secret}"`;
  return [
    `   ${requirement.scheme} (${requirement.description}${scopes}): ${requirement.status}${secret}`,
    ...(requirement.reason === "" ? [] : [`     ${requirement.reason}`]),
    ...requirement.places.map((place) => `     goes into ${place}`),
    ...(requirement.hint === null ? [] : [`     ${requirement.hint}`]),
  ];
}

/** The reasons of all that failed, in one sentence. */
export function verdictSummary(verdict: Verdict): string {
  return verdict.alternatives.filter(({ requirements }) => requirements.length > 0)
    .map((alternative) => {
      const failed = alternative.requirements.filter(({ status }) =>
        status === "rejected" || status === "interactive-required"
      );
      return failed.map(({ scheme, reason }) => `${scheme}: ${reason}`).join(", ");
    }).filter((text) => text !== "").join("; ");
}
