/** Every way to get a flow wrong in one place: what a careless script would do. */
import { atoms, exprsIn, mapAtoms, mapExprs as mapIn } from "../../lib/correlate/expr_walk.ts";
import type {
  BodyTemplate,
  Expr,
  LoginFlow,
  ResultTemplate,
  Step,
} from "../../lib/correlate/flow.ts";
import { recordedEnv, tryEvaluate } from "../../lib/replay/recorded_flow.ts";

export interface FlowMutation {
  readonly name: string;
  readonly flow: LoginFlow;
}

export function* flowMutations(flow: LoginFlow): Generator<FlowMutation> {
  yield* hardCoded(flow);
  yield* wronglyExtracted(flow);
  yield* halfComputed(flow);
  for (const [index, step] of flow.steps.entries()) yield* incomplete(flow, step, index);
  yield* incompleteResult(flow);
}

/** The recorded value in place of the one that should be asked for, extracted or made. */
function* hardCoded(flow: LoginFlow): Generator<FlowMutation> {
  const env = recordedEnv(flow);
  for (const [index, atom] of exprsOf(flow).flatMap(atoms).entries()) {
    if (atom.kind === "constant") continue;
    const recorded = tryEvaluate(atom, env);
    if (recorded === null) continue;
    const replacement: Expr = { kind: "constant", value: recorded };
    yield { name: `hard-codes ${nameOf(atom)}`, flow: withAtom(flow, index, replacement) };
  }
}

/** Another extracted value in place of the right one. */
function* wronglyExtracted(flow: LoginFlow): Generator<FlowMutation> {
  const extractions = flow.steps.flatMap((step) => step.extractions);
  const recorded = new Map(extractions.map((extraction) => [extraction.id, extraction.recorded]));
  for (const [index, atom] of exprsOf(flow).flatMap(atoms).entries()) {
    if (atom.kind !== "extracted") continue;
    for (const other of extractions) {
      if (other.recorded === recorded.get(atom.extraction)) continue;
      yield {
        name: `takes ${other.id} for ${atom.extraction}`,
        flow: withAtom(flow, index, { kind: "extracted", extraction: other.id }),
      };
    }
  }
}

/** A transform not applied, a part of a concatenation left out. */
function* halfComputed(flow: LoginFlow): Generator<FlowMutation> {
  for (const [index, expr] of exprsOf(flow).entries()) {
    if (expr.kind === "transform") {
      const [argument] = expr.args;
      if (argument === undefined) continue;
      yield { name: `does not apply ${expr.op}`, flow: withExpr(flow, index, argument) };
    }
    if (expr.kind !== "concat") continue;
    for (const part of expr.parts.keys()) {
      const parts = expr.parts.toSpliced(part, 1);
      yield {
        name: `leaves out part ${part} of a text`,
        flow: withExpr(flow, index, { kind: "concat", parts }),
      };
    }
  }
}

function* incomplete(flow: LoginFlow, step: Step, index: number): Generator<FlowMutation> {
  const withStep = (changed: Step) => ({ ...flow, steps: flow.steps.with(index, changed) });
  yield { name: `skips ${step.id}`, flow: { ...flow, steps: flow.steps.toSpliced(index, 1) } };
  if (index > 0) {
    const steps = flow.steps.with(index, flow.steps[index - 1]!).with(index - 1, step);
    yield { name: `makes ${step.id} one step too early`, flow: { ...flow, steps } };
  }
  for (const [at, [name, expr]] of step.headers.entries()) {
    // Which browser it was is sent, and demanded of nobody: see flowDemands().
    if (expr.kind === "constant" && expr.value.startsWith("Mozilla/")) continue;
    yield {
      name: `leaves out header ${name} of ${step.id}`,
      flow: withStep({ ...step, headers: step.headers.toSpliced(at, 1) }),
    };
  }
  for (const [at, cookie] of step.cookies.entries()) {
    const stale = { kind: "client", expr: { kind: "constant", value: cookie.recorded } } as const;
    yield {
      name: `sends the recorded cookie ${cookie.name} in ${step.id}`,
      flow: withStep({ ...step, cookies: step.cookies.with(at, { ...cookie, value: stale }) }),
    };
  }
  for (const body of bodiesWithoutOneField(step.body)) {
    yield { name: `leaves out a field of ${step.id}`, flow: withStep({ ...step, body }) };
  }
}

function bodiesWithoutOneField(body: BodyTemplate | null): BodyTemplate[] {
  if (body?.kind === "form" || body?.kind === "multipart") {
    return body.fields.map((_, at) => ({ ...body, fields: body.fields.toSpliced(at, 1) }));
  }
  if (body?.kind !== "json" || body.value.kind !== "object") return [];
  const { value } = body;
  return value.entries.map((_, at) => ({
    ...body,
    value: { ...value, entries: value.entries.toSpliced(at, 1) },
  }));
}

function* incompleteResult(flow: LoginFlow): Generator<FlowMutation> {
  const withResult = (result: ResultTemplate) => ({ ...flow, result });
  for (const [at, [name]] of flow.result.headers.entries()) {
    const headers = flow.result.headers.toSpliced(at, 1);
    yield {
      name: `leaves out result header ${name}`,
      flow: withResult({ ...flow.result, headers }),
    };
  }
  if (flow.result.cookies !== null) {
    yield { name: "returns no cookies", flow: withResult({ ...flow.result, cookies: null }) };
  }
  if (flow.result.refreshToken !== null) {
    yield {
      name: "returns no refresh token",
      flow: withResult({ ...flow.result, refreshToken: null }),
    };
  }
}

/** The lifetime is not a credential, and an address none either: a script may take them from where it likes. */
function credentialsOf({ result }: LoginFlow): ResultTemplate {
  const { addresses: _, ...cookies } = result.cookies ?? { urls: [], names: [], client: [] };
  return { ...result, expiresIn: null, cookies: result.cookies === null ? null : cookies };
}

export function exprsOf(flow: LoginFlow): Expr[] {
  return exprsIn([flow.steps, credentialsOf(flow)]);
}

export function withAtom(flow: LoginFlow, index: number, replacement: Expr): LoginFlow {
  let at = 0;
  return mapExprs(flow, (expr) => mapAtoms(expr, (atom) => at++ === index ? replacement : atom));
}

function withExpr(flow: LoginFlow, index: number, replacement: Expr): LoginFlow {
  let at = 0;
  return mapExprs(flow, (expr) => at++ === index ? replacement : expr);
}

/** Visits the expressions in the order of `exprsOf()`. */
export function mapExprs(flow: LoginFlow, rewrite: (expr: Expr) => Expr): LoginFlow {
  const [steps, mapped] = mapIn([flow.steps, credentialsOf(flow)] as const, rewrite);
  const { cookies, expiresIn } = flow.result;
  const kept = cookies === null ? null : { ...cookies, client: mapped.cookies!.client };
  return { ...flow, steps, result: { ...mapped, expiresIn, cookies: kept } };
}

function nameOf(atom: Expr): string {
  switch (atom.kind) {
    case "input":
      return atom.input;
    case "extracted":
      return atom.extraction;
    case "generated":
      return atom.generated;
    default:
      return atom.kind;
  }
}
