/** What a flow says about the recording: its constants and its values. */
import { evaluateExpr, type ExprEnv } from "../correlate/evaluate.ts";
import { atoms, bodyFields, exprsIn } from "../correlate/expr_walk.ts";
import type { Expr, LoginFlow, ResultTemplate, Step } from "../correlate/flow.ts";

/** The part of a flow that one entry point of the script reproduces. */
export interface FlowPart {
  readonly steps: readonly Step[];
  readonly result: ResultTemplate;
}

/** The login, and the refresh where there is one. */
export function partsOf(flow: LoginFlow): FlowPart[] {
  return [flow, ...flow.refresh === null ? [] : [flow.refresh]];
}

/** Every text the flow says is the same in each session. */
export function flowConstants(parts: readonly FlowPart[]): Set<string> {
  const constants = new Set<string>();
  const keep = (text: string) => void (text !== "" && constants.add(text));
  for (const { steps, result } of parts) {
    for (const atom of exprsIn([steps, result]).flatMap((expr) => atoms(expr))) {
      if (atom.kind === "constant") keep(atom.value);
    }
    for (const step of steps) {
      if (step.url.kind === "parts") keep(step.url.origin);
      for (const [, expr] of bodyFields(step.body)) if (expr.kind === "constant") keep(expr.value);
      step.extractions.flatMap(({ locator, openers }) => [locator, ...openers]).forEach((part) => {
        if (part.kind === "between") [part.before, part.after].forEach(keep);
        if (part.kind === "strip") [part.prefix, part.suffix].forEach(keep);
      });
    }
  }
  return constants;
}

/** The environment of the recording. What is made and never sent as it is, it does not hold. */
export function recordedEnv(flow: LoginFlow): ExprEnv {
  const steps = partsOf(flow).flatMap((part) => part.steps);
  const made = flow.generated.filter(({ recorded }) => recorded !== "");
  const named = [...steps.flatMap(({ extractions }) => extractions), ...made];
  const values = new Map([
    ...flow.inputs.map(({ name, recorded }) => [name, recorded] as const),
    ...named.map(({ id, recorded }) => [id, recorded] as const),
  ]);
  const env = { values, refreshToken: null, isRecorded: true };
  const token = flow.result.refreshToken;
  return token === null ? env : { ...env, refreshToken: tryEvaluate(token, env) };
}

/** The value of an expression; `null` while a name in it has none. */
export function tryEvaluate(expr: Expr, env: ExprEnv): string | null {
  try {
    return evaluateExpr(expr, env);
  } catch {
    return null;
  }
}
