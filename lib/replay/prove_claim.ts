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
import { askedSecret, type SecretClaim, unusedSecret } from "./asked_secret.ts";
import type { Assumption } from "../judge/assumption.ts";
import { dependenceMismatches, valuesInGaps, writtenGaps } from "./claim_checks.ts";
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
  /** What the script asked for beside what the analysis knows. */
  readonly asked?: readonly { readonly label: string; readonly secret: boolean }[];
}

/** @throws {AppError} as `proveScript`. */
export async function proveClaim(
  ctx: Context,
  request: ProofRequest,
  hints: readonly HintedInput[],
): Promise<ClaimProof> {
  const claim = claimedFlow(request.flow, hints);
  if (claim === null) return await proveAsking(ctx, request, hints);
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

/** Where nothing was unexplained: a script that asks for a password claims what it computes of it. */
async function proveAsking(
  ctx: Context,
  request: ProofRequest,
  hints: readonly HintedInput[],
): Promise<ClaimProof> {
  const asking = await askedSecret(ctx, request, hints);
  if (asking === null || asking.claims.length === 0) {
    const proof = await proveScript(ctx, request);
    const unused = unusedSecret(request, hints);
    return unused === null ? { ...proof, gaps: "none" } : {
      ...proof,
      gaps: "none",
      passed: false,
      mismatches: [...proof.mismatches, unused],
    };
  }
  const { flow, label, claims, isTold } = asking;
  const proof = await proveScript(ctx, { ...request, flow, claimed: claims });
  return {
    ...proof,
    gaps: isTold ? "exact" : "dependence",
    assumptions: [...proof.assumptions, ...isTold ? [] : claims.map(byForm)],
    asked: [{ label, secret: true }],
  };
}

function byForm({ trace, where }: SecretClaim): Assumption {
  return {
    trace,
    where,
    as: "generated",
    why:
      "is computed by the script of what it asks for, which nobody told, so that its form alone was checked",
    isSettled: false,
  };
}

async function checkDependence(
  ctx: Context,
  request: ProofRequest,
  { flow, gaps }: ClaimedFlow,
): Promise<Mismatch[]> {
  const random = new RandomSource(ctx.random);
  const [one, other] = [inventInputs(flow, random), inventInputs(flow, random)];
  const play = async (inputs: ReadonlyMap<string, string>) =>
    valuesInGaps((await reenact(ctx, request, inputs, "recorded")).run, request.traces, gaps);
  const [first, again, another] = await Promise.all([play(one), play(one), play(other)]);
  return dependenceMismatches(gaps, { first, again, another });
}
