/**
 * Proof of a script that claims to compute what correlation could not explain. On top of the proof with
 * fresh values, which judges all that is explained:
 *
 * - Where all that the recorded user typed is known, the script is run with it against the recording as it
 *   was, and must send exactly what the recorded client sent in each gap.
 * - Where it is not (a page hashed the password before it was sent), exactness cannot be had. Then what is
 *   sent in the gaps must have the recorded shape, be the same for the same user, and be another for
 *   another user. The mismatches of such a proof are complete; its passing is weaker, and says so.
 */
import type { Context } from "../base/context.ts";
import type { Generated } from "../correlate/flow.ts";
import { type ClaimedFlow, claimedFlow, type HintedInput } from "./claimed_flow.ts";
import { RandomSource } from "./random_source.ts";
import { EncodedText } from "../codec/encoded_text.ts";
import { inventInputs } from "./fresh_flow.ts";
import type { Mismatch, Proof } from "./proof.ts";
import { proveScript } from "./prove.ts";
import type { ProofRequest } from "./proof_request.ts";
import { reenact, type Reenactment } from "./reenact.ts";

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
  const claimed = claim.gaps.map(({ recorded }) => recorded);
  const proof = await proveScript(ctx, { ...request, flow: claim.flow, claimed });
  const gaps = claim.isReproducible ? "exact" : "dependence";
  if (!proof.passed) return { ...proof, gaps };
  const check = claim.isReproducible ? checkExactly : checkDependence;
  const mismatches = [
    ...writtenGaps(request.source, claim.gaps),
    ...await check(ctx, request, claim),
  ];
  return {
    ...proof,
    gaps,
    passed: mismatches.length === 0,
    mismatches: [...proof.mismatches, ...mismatches],
  };
}

async function checkExactly(
  ctx: Context,
  request: ProofRequest,
  { exact }: ClaimedFlow,
): Promise<Mismatch[]> {
  const inputs = new Map(exact.inputs.map(({ name, recorded }) => [name, recorded]));
  const { mismatches } = await reenact(ctx, { ...runOf(ctx, request), flow: exact, inputs });
  return mismatches.map((mismatch) => ({
    ...mismatch,
    problem: mismatch.problem === "is not the recorded constant"
      ? "is not what the recorded client sent for the same input"
      : `${mismatch.problem} (when played with what was recorded)`,
  }));
}

async function checkDependence(
  ctx: Context,
  request: ProofRequest,
  { flow, gaps }: ClaimedFlow,
): Promise<Mismatch[]> {
  const random = new RandomSource(ctx.random);
  const one = inventInputs(flow, random);
  const other = inventInputs(flow, random);
  const play = (inputs: ReadonlyMap<string, string>) =>
    reenact(ctx, { ...runOf(ctx, request), flow, inputs });
  const [first, again, another] = [await play(one), await play(one), await play(other)];
  const unstable = gaps.filter(({ id }) => first.made.get(id) !== again.made.get(id));
  const depends = gaps.some(({ id }) => first.made.get(id) !== another.made.get(id));
  return [
    ...first.mismatches,
    ...unstable.map((gap) =>
      gapMismatch(gap, "is another each time for the same input, so it cannot be checked")
    ),
    ...(depends ? [] : [
      gapMismatch(gaps[0]!, "is the same whatever the user types, so it is not computed from it"),
    ]),
  ];
}

function runOf(ctx: Context, request: ProofRequest): Omit<Reenactment, "flow" | "inputs"> {
  const { source, fileName, traces, limits, signal } = request;
  return {
    source,
    fileName,
    traces,
    limits,
    chance: "recorded",
    signal: signal ?? ctx.signal,
  };
}

/** A script never holds what it claims to compute. */
function writtenGaps(source: string, gaps: readonly Generated[]): Mismatch[] {
  return gaps.filter(({ recorded }) =>
    recorded.length >= 6 && new EncodedText(recorded).isIn(source)
  )
    .map((gap) => gapMismatch(gap, "stands in the script as it was recorded"));
}

function gapMismatch({ id }: Generated, problem: string): Mismatch {
  return { step: null, trace: null, where: `value "${id}"`, problem };
}
