/** Runs the pure resolver to its end, getting each credential it asks for, each at most once. */
import type { Credential, Placement } from "./credential.ts";
import type { CredentialSource } from "./credential_source.ts";
import { nextStep } from "./decide.ts";
import type { ResolutionInput } from "./resolution_input.ts";
import type { Need, NeedOutcome } from "./need.ts";
import type { Verdict } from "./verdict.ts";

export interface Resolution {
  readonly verdict: Verdict;
  /** `null` when no alternative could be satisfied. */
  readonly placement: Placement | null;
  readonly used: readonly UsedCredential[];
  /** Every outcome, to go on from after one credential was rejected. */
  readonly outcomes: ReadonlyMap<string, NeedOutcome>;
}

export interface UsedCredential {
  readonly need: Need;
  readonly credential: Credential;
}

/**
 * Resolves what an operation asks for.
 *
 * @param known Outcomes of an earlier resolution of the same call that still hold.
 */
export async function resolveAuth(
  input: ResolutionInput,
  source: CredentialSource,
  known: ReadonlyMap<string, NeedOutcome> = new Map(),
): Promise<Resolution> {
  const outcomes = new Map(known);
  for (;;) {
    const step = nextStep(input, outcomes);
    if (step.kind === "get") {
      const outcome = await source.get(step.need, step.interactive);
      outcomes.set(step.need.id, step.interactive ? settled(outcome) : outcome);
      continue;
    }
    const used = step.used.flatMap((need) => {
      const outcome = outcomes.get(need.id);
      return outcome?.kind === "credential" ? [{ need, credential: outcome.credential }] : [];
    });
    return { verdict: step.verdict, placement: step.placement, used, outcomes };
  }
}

/** The user was asked; there is no asking again in this call. */
function settled(outcome: NeedOutcome): NeedOutcome {
  if (outcome.kind !== "interactive-required") return outcome;
  return { kind: "failed", reason: outcome.reason, hint: outcome.hint, code: null };
}
