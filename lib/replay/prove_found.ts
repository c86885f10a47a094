/** Proof of a script that was written from a flow with findings: values whose computation somebody found out. */
import type { Context } from "../base/context.ts";
import type { Finding } from "../correlate/finding.ts";
import { assumedByForm, foundClaims } from "./claims.ts";
import type { Proof } from "./proof.ts";
import { proveScript } from "./prove.ts";
import type { ProofRequest } from "./proof_request.ts";

const BY_FORM =
  "is computed as a model found; what it is computed from is not all in the recording, so that its form " +
  "alone was checked";

/** As `proveScript()` where nothing was found. @throws {AppError} as `proveScript`. */
export async function proveFound(
  ctx: Context,
  request: ProofRequest,
  findings: readonly Finding[],
): Promise<Proof> {
  const claimed = foundClaims(request.flow, findings);
  const proof = await proveScript(ctx, { ...request, claimed });
  const trusted = proof.passed ? assumedByForm(claimed, BY_FORM) : [];
  return { ...proof, assumptions: [...proof.assumptions, ...trusted] };
}
