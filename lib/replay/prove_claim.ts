/**
 * Proof of a script that claims to compute what correlation could not explain. The judge holds all that is
 * explained to the recording; of what is not:
 *
 * - Where all that the recorded user typed is known, the script, run with it against the recording as it
 *   was, must send exactly what the recorded client sent in each gap.
 * - Where it is not (a page hashed the password before it was sent), exactness cannot be had. Then what is
 *   sent in the gaps must be the same for the same user, and another for another user. The mismatches
 *   of such a proof are complete; its passing is weaker, and says so.
 */
import type { Context } from "../base/context.ts";
import { EncodedText } from "../codec/encoded_text.ts";
import type { Input } from "../correlate/flow.ts";
import { placeKey, requestValues } from "../judge/request_values.ts";
import type { ScriptRun } from "../judge/run.ts";
import { type ClaimedFlow, claimedFlow, type HintedInput } from "./claimed_flow.ts";
import { inventInputs } from "./fresh_flow.ts";
import type { Mismatch, Proof } from "./proof.ts";
import { proveScript } from "./prove.ts";
import type { ProofRequest } from "./proof_request.ts";
import { RandomSource } from "./random_source.ts";
import { reenact } from "./reenact.ts";

/** How far the gaps were checked: `exact`, or by shape and dependence; `none` without gaps. */
export type GapCheck = "exact" | "dependence" | "none";

export interface ClaimProof extends Proof {
  readonly gaps: GapCheck;
}

/** @throws {AppError} as `proveScript`. */
export async function proveClaim(
  ctx: Context,
  request: ProofRequest,
  hints: readonly HintedInput[],
): Promise<ClaimProof> {
  const claim = claimedFlow(request.flow, hints);
  if (claim === null) return { ...await proveScript(ctx, request), gaps: "none" };
  const { isReproducible } = claim;
  const claimed = claim.gaps.map(({ recorded }) => ({ value: recorded, isReproducible }));
  const claiming = { ...request, flow: claim.flow, claimed };
  const proof = await proveScript(ctx, claiming);
  const gaps = isReproducible ? "exact" : "dependence";
  if (!proof.passed) return { ...proof, gaps };
  const mismatches = [
    ...writtenGaps(request.source, claim.gaps),
    ...isReproducible ? [] : await checkDependence(ctx, claiming, claim),
  ];
  return {
    ...proof,
    gaps,
    passed: mismatches.length === 0,
    mismatches: [...proof.mismatches, ...mismatches],
  };
}

async function checkDependence(
  ctx: Context,
  request: ProofRequest,
  { flow, gaps }: ClaimedFlow,
): Promise<Mismatch[]> {
  const random = new RandomSource(ctx.random);
  const one = inventInputs(flow, random);
  const other = inventInputs(flow, random);
  const play = async (inputs: ReadonlyMap<string, string>) =>
    valuesInGaps((await reenact(ctx, request, inputs, "recorded")).run, request, gaps);
  const [first, again, another] = [await play(one), await play(one), await play(other)];
  const unstable = gaps.filter(({ name }) => first.get(name) !== again.get(name));
  const depends = gaps.some(({ name }) => first.get(name) !== another.get(name));
  return [
    ...unstable.map((gap) =>
      gapMismatch(gap, "is another each time for the same input, so it cannot be checked")
    ),
    ...depends ? [] : [
      gapMismatch(gaps[0]!, "is the same whatever the user types, so it is not computed from it"),
    ],
  ];
}

/** What a run sent where the recorded client sent the gap's value, by the gap's name. */
function valuesInGaps(
  { sent }: ScriptRun,
  { traces }: ProofRequest,
  gaps: readonly Input[],
): Map<string, string> {
  const found = new Map<string, string>();
  for (const { trace, request } of sent) {
    const recorded = traces.find(({ id }) => id === trace);
    for (const { value, ...place } of recorded ? requestValues(recorded.request) : []) {
      const gap = gaps.find((one) => value.includes(one.recorded));
      const now = requestValues(request).find((one) => placeKey(one) === placeKey(place))?.value;
      if (gap !== undefined && now !== undefined) found.set(gap.name, now);
    }
  }
  return found;
}

/** A script never holds what it claims to compute. */
function writtenGaps(source: string, gaps: readonly Input[]): Mismatch[] {
  return gaps.filter(({ recorded }) =>
    recorded.length >= 6 && new EncodedText(recorded).isIn(source)
  )
    .map((gap) => gapMismatch(gap, "stands in the script as it was recorded"));
}

function gapMismatch({ name }: Input, problem: string): Mismatch {
  return { step: null, trace: null, where: `value "${name}"`, problem };
}
