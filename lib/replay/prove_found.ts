/**
 * Proof of a script that was written from a flow with findings: values whose computation somebody found out.
 * On top of the proof with fresh values, the script is run with everything as it was recorded, and must send
 * what the recorded client sent wherever a finding stands. What rests on something that the recording does
 * not hold (a password that nobody told, chance) can be held to its form alone; that is an assumption.
 */
import type { Context } from "../base/context.ts";
import { atoms, mapResult, mapStep } from "../correlate/expr_walk.ts";
import type { ExprEnv } from "../correlate/evaluate.ts";
import type { Finding } from "../correlate/finding.ts";
import type { Expr, LoginFlow } from "../correlate/flow.ts";
import { tryEvaluate } from "./match_expr.ts";
import type { Mismatch, Proof } from "./proof.ts";
import { proveScript } from "./prove.ts";
import type { ProofRequest } from "./proof_request.ts";
import { recordedEnv } from "./recorded_flow.ts";
import { reenact } from "./reenact.ts";

/** As `proveScript()` where nothing was found. @throws {AppError} as `proveScript`. */
export async function proveFound(
  ctx: Context,
  request: ProofRequest,
  findings: readonly Finding[],
): Promise<Proof> {
  if (findings.length === 0) return await proveScript(ctx, request);
  const { flow } = request;
  const found = new Set(findings.map(({ value }) => value));
  const exact = heldToRecording(flow, found);
  const claimed = [...found].filter((value) => !isPlain(findings, value));
  const proof = await proveScript(ctx, { ...request, claimed });
  if (!proof.passed) return proof;
  const mismatches = exact.values.size === 0 ? [] : await playedExactly(ctx, request, exact.flow);
  return {
    ...proof,
    passed: mismatches.length === 0,
    mismatches: [...proof.mismatches, ...mismatches],
    assumptions: [
      ...proof.assumptions,
      ...findings.filter(({ value, at }) =>
        at !== null && !exact.values.has(value) && claimed.includes(value)
      ).map(({ at }) => ({
        trace: at!.trace,
        where: at!.place,
        as: "generated" as const,
        why:
          "is computed as a model found; what it is computed from is not all in the recording, so " +
          "that its form alone was checked",
        isSettled: false,
      })),
    ],
  };
}

/** What is typed, constant or made up by itself is judged as any other such value. */
function isPlain(findings: readonly Finding[], value: string): boolean {
  return findings.every((finding) =>
    finding.value !== value || !["transform", "concat", "value"].includes(finding.expr.kind)
  );
}

async function playedExactly(
  ctx: Context,
  request: ProofRequest,
  flow: LoginFlow,
): Promise<Mismatch[]> {
  const inputs = new Map(flow.inputs.map(({ name, recorded }) => [name, recorded]));
  const { source, fileName, traces, limits, signal = ctx.signal } = request;
  const run = { source, fileName, traces, limits, signal, inputs, chance: "recorded" } as const;
  const { mismatches } = await reenact(ctx, { ...run, flow });
  return mismatches.map((mismatch) => ({
    ...mismatch,
    problem: mismatch.problem === "is not the recorded constant"
      ? "is not what the recorded client sent for the same input"
      : `${mismatch.problem} (when played with what was recorded)`,
  }));
}

/** The flow with each found value as what was sent, where the recording holds all it is computed from. */
function heldToRecording(
  flow: LoginFlow,
  found: ReadonlySet<string>,
): { readonly flow: LoginFlow; readonly values: ReadonlySet<string> } {
  const env = recordedEnv(flow);
  const values = new Set<string>();
  const chance = new Set(
    flow.generated.filter(({ shape }) => shape.kind.startsWith("random")).map(({ id }) => id),
  );
  const rewrite = (expr: Expr): Expr => {
    if (expr.kind !== "concat" && expr.kind !== "transform") return expr;
    const value = isRecorded(expr, env, chance) ? tryEvaluate(expr, env) : null;
    if (value !== null && "value" in value && found.has(value.value)) {
      values.add(value.value);
      return { kind: "constant", value: value.value };
    }
    return expr.kind === "concat"
      ? { ...expr, parts: expr.parts.map(rewrite) }
      : { ...expr, args: expr.args.map(rewrite) };
  };
  const held = {
    ...flow,
    steps: flow.steps.map((step) => mapStep(step, rewrite)),
    result: mapResult(flow.result, rewrite),
  };
  return { flow: held, values };
}

function isRecorded(expr: Expr, env: ExprEnv, chance: ReadonlySet<string>): boolean {
  return atoms(expr).every((atom) =>
    atom.kind === "input"
      ? (env.inputs.get(atom.input) ?? "") !== ""
      : atom.kind !== "generated" || !chance.has(atom.generated)
  );
}
