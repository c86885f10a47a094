/** Mistakes that an analysis makes, injected into its flow so that the flow agrees with them. */
import { atoms, mapAtoms } from "../../lib/correlate/expr_walk.ts";
import type { Expr, Input, LoginFlow, StepCookie } from "../../lib/correlate/flow.ts";
import { alphabetOf } from "../../lib/http/opaque.ts";
import { recordedEnv, tryEvaluate } from "../../lib/replay/recorded_flow.ts";
import { exprsOf, mapExprs, withAtom } from "./flow_mutations.ts";

export interface Mistake {
  readonly kind:
    | "extracted → constant"
    | "typed → constant"
    | "constant → typed"
    | "extracted → generated"
    | "another source"
    | "password glued"
    | "step dropped"
    | "right flow refused";
  /** Which value or step. */
  readonly of: string;
  readonly flow: LoginFlow;
}

export function* flowMistakes(flow: LoginFlow): Generator<Mistake> {
  yield* extractedAsConstant(flow);
  yield* typedAsConstant(flow);
  yield* constantAsTyped(flow);
  yield* extractedAsGenerated(flow);
  yield* anotherSource(flow);
  yield* gluedPassword(flow);
  yield* droppedStep(flow);
}

/** With every atom replaced; renewals are left out, so that only the login is judged. */
function replaced(flow: LoginFlow, replace: (atom: Expr) => Expr): LoginFlow {
  return { ...mapExprs(flow, (expr) => mapAtoms(expr, replace)), refresh: null };
}

function usedExtractions(flow: LoginFlow): Set<string> {
  return new Set(
    exprsOf(flow).flatMap(atoms).flatMap((atom) =>
      atom.kind === "extracted" ? [atom.extraction] : []
    ),
  );
}

function* extractedAsConstant(flow: LoginFlow): Generator<Mistake> {
  const used = usedExtractions(flow);
  for (const { id, recorded } of flow.steps.flatMap(({ extractions }) => extractions)) {
    if (!used.has(id)) continue;
    const wrong = replaced(
      flow,
      (atom) =>
        atom.kind === "extracted" && atom.extraction === id
          ? { kind: "constant", value: recorded }
          : atom,
    );
    yield { kind: "extracted → constant", of: id, flow: withoutExtraction(wrong, id) };
  }
  yield* cookieAsConstant(flow);
}

/** A cookie of the jar written by the client as it was recorded. */
function* cookieAsConstant(flow: LoginFlow): Generator<Mistake> {
  const jar = flow.steps.flatMap(({ cookies }) => cookies).filter(({ value }) =>
    value.kind === "jar"
  );
  for (const [name, recorded] of new Map(jar.map((cookie) => [cookie.name, cookie.recorded]))) {
    const expr: Expr = { kind: "constant", value: recorded };
    const fix = (cookie: StepCookie): StepCookie =>
      cookie.name === name ? { ...cookie, value: { kind: "client", expr } } : cookie;
    const steps = flow.steps.map((step) => ({ ...step, cookies: step.cookies.map(fix) }));
    yield {
      kind: "extracted → constant",
      of: `cookie ${name}`,
      flow: { ...flow, steps, refresh: null },
    };
  }
}

function* typedAsConstant(flow: LoginFlow): Generator<Mistake> {
  for (const { name, recorded } of flow.inputs) {
    const wrong = replaced(
      flow,
      (atom) =>
        atom.kind === "input" && atom.input === name ? { kind: "constant", value: recorded } : atom,
    );
    yield { kind: "typed → constant", of: name, flow: withoutInput(wrong, name) };
  }
}

/** One place for each constant. */
function* constantAsTyped(flow: LoginFlow): Generator<Mistake> {
  const seen = new Set<string>();
  for (const [index, atom] of exprsOf(flow).flatMap(atoms).entries()) {
    if (atom.kind !== "constant" || !isAskable(atom.value) || seen.has(atom.value)) continue;
    seen.add(atom.value);
    const input: Input = {
      name: "asked_value",
      label: "Asked value",
      secret: false,
      kind: "other",
      recorded: atom.value,
    };
    const wrong = withAtom(flow, index, { kind: "input", input: input.name });
    yield {
      kind: "constant → typed",
      of: atom.value.slice(0, 20),
      flow: { ...wrong, inputs: [...flow.inputs, input], refresh: null },
    };
  }
}

/** Not the parts of paths, the empty text, or what says which browser it was. */
function isAskable(value: string): boolean {
  return value.length >= 3 && !/^(Mozilla\/|https?:|application\/|text\/|\*|\/|[&?=])/.test(value);
}

function* extractedAsGenerated(flow: LoginFlow): Generator<Mistake> {
  const used = usedExtractions(flow);
  for (const { id, recorded } of flow.steps.flatMap(({ extractions }) => extractions)) {
    if (!used.has(id) || /^(https?:|\/)/.test(recorded)) continue;
    const shape = {
      kind: "random",
      length: recorded.length,
      alphabet: alphabetOf(recorded),
    } as const;
    const wrong = replaced(
      flow,
      (atom) =>
        atom.kind === "extracted" && atom.extraction === id
          ? { kind: "generated", generated: `made_${id}` }
          : atom,
    );
    const generated = [...flow.generated, { id: `made_${id}`, shape, recorded }];
    yield {
      kind: "extracted → generated",
      of: id,
      flow: { ...withoutExtraction(wrong, id), generated },
    };
  }
}

/** Of those that are there at the time. */
function* anotherSource(flow: LoginFlow): Generator<Mistake> {
  const all = flow.steps.flatMap(({ extractions }, at) =>
    extractions.map((one) => ({ ...one, at }))
  );
  const used = usedExtractions(flow);
  for (const right of all) {
    if (!used.has(right.id)) continue;
    const other = all.find((one) => one.at <= right.at && one.recorded !== right.recorded);
    if (other === undefined) continue;
    const wrong = replaced(
      flow,
      (atom) =>
        atom.kind === "extracted" && atom.extraction === right.id
          ? { kind: "extracted", extraction: other.id }
          : atom,
    );
    yield { kind: "another source", of: `${other.id} for ${right.id}`, flow: wrong };
  }
}

/** A password that is sent as the user name and a fixed rest. */
function* gluedPassword(flow: LoginFlow): Generator<Mistake> {
  const user = flow.inputs.find(({ kind }) => kind === "identifier");
  const password = flow.inputs.find(({ kind }) => kind === "password");
  if (user === undefined || password === undefined) return;
  const rest = password.recorded.startsWith(user.recorded)
    ? password.recorded.slice(user.recorded.length)
    : password.recorded.slice(-4);
  if (rest === "") return;
  const parts: Expr[] = [{ kind: "input", input: user.name }, { kind: "constant", value: rest }];
  const wrong = replaced(
    flow,
    (atom) =>
      atom.kind === "input" && atom.input === password.name ? { kind: "concat", parts } : atom,
  );
  yield { kind: "password glued", of: password.name, flow: withoutInput(wrong, password.name) };
}

/** What it would have yielded is taken for constant. */
function* droppedStep(flow: LoginFlow): Generator<Mistake> {
  const env = recordedEnv(flow);
  for (const [at, step] of flow.steps.entries()) {
    const lost = new Set(step.extractions.map(({ id }) => id));
    const wrong = replaced(flow, (atom) => {
      if (atom.kind !== "extracted" || !lost.has(atom.extraction)) return atom;
      const recorded = tryEvaluate(atom, env);
      return recorded === null ? atom : { kind: "constant", value: recorded };
    });
    const steps = wrong.steps.toSpliced(at, 1);
    const used = new Set(
      exprsOf({ ...wrong, steps }).flatMap(atoms).flatMap((atom) =>
        atom.kind === "input" ? [atom.input] : []
      ),
    );
    const inputs = flow.inputs.filter(({ name }) => used.has(name));
    yield { kind: "step dropped", of: step.id, flow: { ...wrong, steps, inputs } };
  }
}

function withoutInput(flow: LoginFlow, name: string): LoginFlow {
  return { ...flow, inputs: flow.inputs.filter((input) => input.name !== name) };
}

function withoutExtraction(flow: LoginFlow, id: string): LoginFlow {
  const steps = flow.steps.map((step) => ({
    ...step,
    extractions: step.extractions.filter((extraction) => extraction.id !== id),
  }));
  return { ...flow, steps };
}
