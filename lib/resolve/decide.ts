/**
 * The resolver: given what an operation asks for, what is configured, and the credentials had so far,
 * it says which credential to get next, or which alternative is chosen, with a verdict on each. Pure:
 * the caller gets the credentials and asks again.
 *
 * First pass: alternatives in the document's order, without the user. A requirement that only the user
 * can meet marks its alternative interactive-required; all its other requirements are looked at all the
 * same, since a branch that fails anyway is not worth a browser. An alternative counts whole or not at
 * all. Second pass: the alternatives so marked, with the user. Last resort: the optional `{}`.
 */
import type { ResolutionInput } from "./resolution_input.ts";
import type { SecretConfig } from "../base/config.ts";
import type { SecurityAlternative, SecurityRequirement } from "../openapi/security.ts";
import { describeScheme } from "./approval.ts";
import { EMPTY_PLACEMENT, type Placement, placesOf } from "./credential.ts";
import { Misfit, placementFor } from "./fit.ts";
import { mergePlacements, type SourcedPlacement } from "./merge_placements.ts";
import { type Need, type NeedOutcome, needsOf } from "./need.ts";
import { type Refusal, refusalOf } from "./refusal.ts";
import type {
  AlternativeVerdict,
  RequirementStatus,
  RequirementVerdict,
  Verdict,
} from "./verdict.ts";

/** Outcomes by the id of the need. One that was got with the user replaces the earlier one. */
export type Outcomes = ReadonlyMap<string, NeedOutcome>;

export type Step =
  | { readonly kind: "get"; readonly need: Need; readonly interactive: boolean }
  | {
    readonly kind: "done";
    readonly verdict: Verdict;
    /** `null` when no alternative could be satisfied. */
    readonly placement: Placement | null;
    /** The needs whose credentials are used. */
    readonly used: readonly Need[];
  };

/** The next step on the way to a verdict. */
export function nextStep(input: ResolutionInput, outcomes: Outcomes): Step {
  if (input.alternatives.length === 0) {
    const verdict: Verdict = { outcome: "public", alternatives: [] };
    return { kind: "done", verdict, placement: EMPTY_PLACEMENT, used: [] };
  }
  const judged = input.alternatives.map((alternative) => judge(input, alternative, outcomes));
  const asking = judged.filter(({ requirements }) => requirements.length > 0);
  for (const alternative of asking) {
    if (alternative.missing !== null) {
      return { kind: "get", need: alternative.missing, interactive: false };
    }
    if (alternative.placement !== null) return chosen(input, judged, alternative);
  }
  const forUser = asking.find(({ interactive }) => interactive !== null)?.interactive ?? null;
  if (input.mayInteract && forUser !== null) {
    return { kind: "get", need: forUser, interactive: true };
  }
  const optional = judged.find(({ requirements }) => requirements.length === 0);
  if (optional !== undefined) return chosen(input, judged, optional);
  const verdict = verdictOf(judged, null);
  return { kind: "done", verdict, placement: null, used: [] };
}

function chosen(
  input: ResolutionInput,
  judged: readonly Judgement[],
  alternative: Judgement,
): Step {
  const isLater = (index: number) => index > judged.indexOf(alternative);
  const shown = judged.map((one, index) =>
    isLater(index) && alternative.requirements.length > 0
      ? notTried(input, input.alternatives[index]!)
      : one
  );
  return {
    kind: "done",
    verdict: verdictOf(shown, alternative),
    placement: alternative.placement,
    used: alternative.needs,
  };
}

function verdictOf(judged: readonly Judgement[], winner: Judgement | null): Verdict {
  return {
    outcome: winner === null ? "unresolved" : "chosen",
    alternatives: judged.map((one): AlternativeVerdict => ({
      status: one === winner ? "chosen" : statusOf(one),
      requirements: one.requirements,
    })),
  };
}

function statusOf({ requirements }: Judgement): AlternativeVerdict["status"] {
  const statuses = requirements.map(({ status }) => status);
  if (statuses.includes("rejected")) return "rejected";
  if (statuses.includes("interactive-required")) return "interactive-required";
  return "not-tried";
}

/** One alternative in the light of the outcomes so far. */
interface Judgement {
  readonly requirements: readonly RequirementVerdict[];
  readonly needs: readonly Need[];
  /** The first need nobody has asked for yet. */
  readonly missing: Need | null;
  /** The first need that waits for the user, when nothing else stands in the way. */
  readonly interactive: Need | null;
  /** Set when every requirement is satisfied. */
  readonly placement: Placement | null;
}

interface Planned {
  readonly requirement: SecurityRequirement;
  readonly key: string | null;
  readonly secret: SecretConfig | null;
  readonly refusal: Refusal | null;
}

function judge(
  input: ResolutionInput,
  alternative: SecurityAlternative,
  outcomes: Outcomes,
): Judgement {
  const planned = alternative.map((requirement) => plan(input, requirement));
  if (planned.some(({ refusal }) => refusal !== null)) return refused(planned);
  const withSecrets = planned.flatMap(({ requirement, secret }) =>
    secret === null ? [] : [{ requirement, secret }]
  );
  const needs = needsOf(withSecrets, input.extraScopes);
  const missing = needs.find(({ id }) => !outcomes.has(id)) ?? null;
  if (missing !== null) {
    const requirements = planned.map((one) => verdictFor(one, "not-tried"));
    return { requirements, needs, missing, interactive: null, placement: null };
  }
  return place(input, planned, needs, outcomes);
}

/** The lookup order: the service's own secret, then the one every service may use. */
function plan(input: ResolutionInput, requirement: SecurityRequirement): Planned {
  const keys = [`${input.service.name}.${requirement.name}`, requirement.name];
  const key = keys.find((candidate) => input.secrets.has(candidate)) ?? null;
  const secret = key === null ? null : input.secrets.get(key)!;
  return { requirement, key, secret, refusal: refusalOf(input, requirement, secret, keys) };
}

function refused(planned: readonly Planned[]): Judgement {
  const requirements = planned.map((one) =>
    one.refusal === null
      ? verdictFor(one, "not-tried")
      : verdictFor(one, "rejected", one.refusal.reason, one.refusal.hint)
  );
  return { requirements, needs: [], missing: null, interactive: null, placement: null };
}

/** Every need has an outcome: fits the credentials to the requirements. */
function place(
  input: ResolutionInput,
  planned: readonly Planned[],
  needs: readonly Need[],
  outcomes: Outcomes,
): Judgement {
  const placements: SourcedPlacement[] = [];
  let requirements = planned.map((one): RequirementVerdict => {
    const need = needs.find((candidate) => candidate.requirements.includes(one.requirement))!;
    const outcome = outcomes.get(need.id)!;
    switch (outcome.kind) {
      case "failed":
        return verdictFor(one, "rejected", outcome.reason, outcome.hint);
      case "interactive-required":
        return verdictFor(one, "interactive-required", outcome.reason, outcome.hint);
      case "credential":
        return attempt(one, () => {
          const placement = placementFor(one.requirement, outcome.credential, input.target);
          placements.push({ scheme: one.requirement.name, source: need.id, placement });
          const places = placesOf(placement);
          return { ...verdictFor(one, "satisfied", outcome.note), places };
        });
    }
  });
  let placement: Placement | null = null;
  if (requirements.every(({ status }) => status === "satisfied")) {
    try {
      placement = mergePlacements(placements);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      requirements = planned.map((one) => verdictFor(one, "rejected", error.message));
    }
  }
  const isHopeless = requirements.some(({ status }) => status === "rejected");
  const waiting = needs.find(({ id }) => outcomes.get(id)?.kind === "interactive-required") ?? null;
  return {
    requirements,
    needs,
    missing: null,
    interactive: isHopeless ? null : waiting,
    placement,
  };
}

function attempt(planned: Planned, fit: () => RequirementVerdict): RequirementVerdict {
  try {
    return fit();
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return verdictFor(planned, "rejected", error.message);
  }
}

function notTried(input: ResolutionInput, alternative: SecurityAlternative): Judgement {
  const requirements = alternative.map((requirement) =>
    verdictFor(plan(input, requirement), "not-tried")
  );
  return { requirements, needs: [], missing: null, interactive: null, placement: null };
}

function verdictFor(
  { requirement, key }: Planned,
  status: RequirementStatus,
  reason = "",
  hint: string | null = null,
): RequirementVerdict {
  return {
    scheme: requirement.name,
    description: describeScheme(requirement),
    scopes: requirement.scopes,
    secret: key,
    status,
    reason,
    hint,
    places: [],
  };
}
