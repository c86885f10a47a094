/**
 * Proof of a script that was written from a flow with findings: values whose computation somebody found out.
 * They are claims: with everything as it was recorded the script must send what the recorded client sent. What
 * rests on something that the recording does not hold (a password that nobody told, chance) can be held to
 * its form alone; that is an assumption.
 */
import type { Context } from "../base/context.ts";
import { transformCodec } from "../codec/transforms.ts";
import type { ExprEnv } from "../correlate/evaluate.ts";
import { atoms, exprsIn, partsOf } from "../correlate/expr_walk.ts";
import type { Finding } from "../correlate/finding.ts";
import type { Expr, LoginFlow } from "../correlate/flow.ts";
import type { Assumption } from "../judge/finding.ts";
import type { ClaimedValue } from "../judge/claimed_values.ts";
import type { Proof } from "./proof.ts";
import { proveScript } from "./prove.ts";
import type { ProofRequest } from "./proof_request.ts";
import { recordedEnv, tryEvaluate } from "./recorded_flow.ts";

/** As `proveScript()` where nothing was found. @throws {AppError} as `proveScript`. */
export async function proveFound(
  ctx: Context,
  request: ProofRequest,
  findings: readonly Finding[],
): Promise<Proof> {
  const claimed = claimsOf(request.flow, findings);
  const proof = await proveScript(ctx, { ...request, claimed });
  if (!proof.passed) return proof;
  return { ...proof, assumptions: [...proof.assumptions, ...trusted(findings, claimed)] };
}

/** What is typed, constant or made up by itself is judged as any other such value. */
function claimsOf(flow: LoginFlow, findings: readonly Finding[]): ClaimedValue[] {
  const found = findings.filter(({ expr }) =>
    ["transform", "call", "concat", "value"].includes(expr.kind)
  );
  const reproducible = found.length === 0 ? new Set() : reproducibleValues(flow);
  return [...new Set(found.map(({ value }) => value))]
    .map((value) => ({ value, isReproducible: reproducible.has(value) }));
}

/** What comes to be in the flow of nothing but what the recording holds. */
function reproducibleValues(flow: LoginFlow): Set<string> {
  const env = recordedEnv(flow);
  const chance = new Set(
    flow.generated.filter(({ shape, recorded }) =>
      shape.kind.startsWith("random") && recorded === ""
    ).map(({ id }) => id),
  );
  const values = exprsIn([flow.steps, flow.result]).flatMap(partsOf).filter((expr) =>
    isRecorded(expr, env, chance)
  )
    .map((expr) => tryEvaluate(expr, env));
  return new Set(values.filter((value) => value !== null));
}

function isRecorded(expr: Expr, env: ExprEnv, chance: ReadonlySet<string>): boolean {
  if (partsOf(expr).some((part) => part.kind === "transform" && transformCodec(part.op).draws)) {
    return false;
  }
  return atoms(expr).every((atom) =>
    atom.kind === "input"
      ? (env.inputs.get(atom.input) ?? "") !== ""
      : atom.kind !== "generated" || !chance.has(atom.generated)
  );
}

function trusted(findings: readonly Finding[], claimed: readonly ClaimedValue[]): Assumption[] {
  const open = new Set(
    claimed.filter(({ isReproducible }) => !isReproducible).map(({ value }) => value),
  );
  return findings.flatMap(({ value, at }) =>
    at === null || !open.has(value) ? [] : [{
      trace: at.trace,
      where: at.place,
      as: "generated",
      why:
        "is computed as a model found; what it is computed from is not all in the recording, so " +
        "that its form alone was checked",
      isSettled: false,
    }]
  );
}
