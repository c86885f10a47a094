/** What a flow says about the recording: its constants, its values, the responses they come from. */
import { responseCookies } from "../http/cookies.ts";
import type { Trace } from "../http/exchange.ts";
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

/** The environment of the recording. */
export function recordedEnv(flow: LoginFlow): ExprEnv {
  const steps = partsOf(flow).flatMap((part) => part.steps);
  const env: ExprEnv = {
    inputs: new Map(flow.inputs.map(({ name, recorded }) => [name, recorded])),
    extracted: new Map(
      steps.flatMap((step) => step.extractions).map(({ id, recorded }) => [id, recorded]),
    ),
    // What is made and never sent as it is, the recording does not hold.
    generated: new Map(
      flow.generated.filter(({ recorded }) => recorded !== "")
        .map(({ id, recorded }) => [id, recorded]),
    ),
    refreshToken: null,
    isRecorded: true,
  };
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

/** The cookies of the recording that the flow needs, as the wire had them. */
export function neededCookieValues(part: FlowPart, traces: ReadonlyMap<string, Trace>): string[] {
  const names = new Set([
    ...part.steps.flatMap((step) => step.cookies.map(({ name }) => name)),
    ...part.result.cookies?.names ?? [],
  ]);
  return part.steps.flatMap((step) =>
    responseCookies(traces.get(step.trace)?.response?.headers ?? [])
      .filter((cookie) => names.has(cookie.name))
      .map((cookie) => cookie.value)
  );
}

/** Extractions whose value is a lifetime in seconds: a fresh one must stay near the recorded one. */
export function lifetimeExtractions(parts: readonly FlowPart[]): Set<string> {
  const ids = parts.flatMap(({ result }) =>
    result.expiresIn?.kind === "expr" && result.expiresIn.expr.kind === "extracted"
      ? [result.expiresIn.expr.extraction]
      : []
  );
  return new Set(ids);
}
