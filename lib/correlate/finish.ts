/** Turning a slice into a flow: unused names dropped, steps numbered, extractions put on their steps. */
import { hostPort, parseUrl } from "../http/url.ts";
import {
  atoms,
  mapAtoms,
  mapResult,
  mapStep,
  partsOf,
  resultExprs,
  stepExprs,
} from "./expr_walk.ts";
import { calledFunctions, type FoundFunction } from "./found_function.ts";
import type {
  Expr,
  Extraction,
  Input,
  LoginFlow,
  RefreshFlow,
  ResultTemplate,
  Step,
} from "./flow.ts";
import type { KnownValues } from "./known_values.ts";
import type { Message, Recording } from "./recording.ts";
import type { Slice } from "./slice.ts";

export interface FlowParts {
  readonly recording: Recording;
  readonly slice: Slice;
  readonly known: KnownValues;
  readonly result: ResultTemplate;
  readonly refresh: RefreshFlow | null;
  readonly apiOrigins: readonly string[];
  /** The best first. */
  readonly probes: readonly Message[];
  /** What expressions may call. */
  readonly functions?: readonly FoundFunction[];
}

/** The finished flow, its names numbered without gaps. */
export function finishFlow(parts: FlowParts): LoginFlow {
  return renumbered(draftFlow(parts));
}

function draftFlow(parts: FlowParts): LoginFlow {
  const { slice, known, recording } = parts;
  const drafts = slice.indexes.map((index) => slice.step(index));
  const used = drafts.flatMap(stepExprs).concat(resultExprs(parts.result)).flatMap(atoms);
  const steps = withExtractions(drafts, "s", used, known.extractions);
  const refresh = parts.refresh === null ? null : finishRefresh(parts.refresh, known);
  const usedByRefresh = refresh === null
    ? []
    : refresh.steps.flatMap(stepExprs).concat(resultExprs(refresh.result)).flatMap(atoms);
  const all = [...used, ...usedByRefresh];
  return {
    inputs: inOrderOfUse(known.inputs, [
      ...drafts.map(stepExprs),
      resultExprs(parts.result),
      ...(refresh?.steps ?? []).map(stepExprs),
    ]),
    generated: known.generated.filter(({ id }) =>
      all.some((atom) => atom.kind === "generated" && atom.generated === id)
    ),
    steps,
    result: parts.result,
    refresh,
    hosts: hostsOf(recording, [...slice.indexes.map((index) => recording.at(index).url)], refresh),
    apiOrigins: parts.apiOrigins,
    ...probesOf(parts.probes),
    ...functionsOf([...drafts.flatMap(stepExprs), ...resultExprs(parts.result)], parts.functions),
  };
}

function functionsOf(
  exprs: readonly Expr[],
  functions: readonly FoundFunction[] = [],
): Pick<LoginFlow, "functions"> {
  const called = exprs.flatMap(partsOf).flatMap((expr) =>
    expr.kind === "call" ? [expr.function] : []
  );
  return called.length === 0 ? {} : { functions: calledFunctions(called, functions) };
}

export function probesOf(probes: readonly Message[]): Pick<LoginFlow, "probe" | "moreProbes"> {
  const [probe = null, ...moreProbes] = probes.map(({ trace, method }) => (
    { trace: trace.id, method, url: trace.request.url }
  ));
  return { probe, moreProbes };
}

/** The inputs that are used, those of an earlier step first. */
function inOrderOfUse(inputs: readonly Input[], uses: readonly (readonly Expr[])[]): Input[] {
  const names = uses.map((exprs) =>
    new Set(exprs.flatMap(atoms).map((atom) => atom.kind === "input" ? atom.input : ""))
  );
  const firstUse = ({ name }: Input) => names.findIndex((used) => used.has(name));
  return inputs.filter((input) => firstUse(input) >= 0)
    .toSorted((a, b) => firstUse(a) - firstUse(b));
}

/** Numbers that names got beside values which were dropped since are taken back. */
function renumbered(flow: LoginFlow): LoginFlow {
  const taken = new Set(flow.functions?.map(({ name }) => name));
  const renamed = new Map<string, string>();
  const refreshSteps = flow.refresh?.steps ?? [];
  const ids = [
    ...flow.inputs.map(({ name }) => name),
    ...flow.generated.map(({ id }) => id),
    ...[...flow.steps, ...refreshSteps].flatMap(({ extractions }) =>
      extractions.map(({ id }) => id)
    ),
  ];
  for (const id of ids) {
    const base = id.replace(/_\d+$/, "");
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}_${number}`;
    taken.add(name);
    renamed.set(id, name);
  }
  const nameOf = (id: string) => renamed.get(id) ?? id;
  const rewrite = (expr: Expr) =>
    mapAtoms(expr, (atom) => {
      if (atom.kind === "input") return { kind: "input", input: nameOf(atom.input) };
      if (atom.kind === "generated") {
        return { kind: "generated", generated: nameOf(atom.generated) };
      }
      return atom.kind === "extracted"
        ? { kind: "extracted", extraction: nameOf(atom.extraction) }
        : atom;
    });
  const step = (draft: Step): Step => ({
    ...mapStep(draft, rewrite),
    extractions: draft.extractions.map((item) => ({ ...item, id: nameOf(item.id) })),
  });
  return {
    ...flow,
    inputs: flow.inputs.map((input) => ({ ...input, name: nameOf(input.name) })),
    generated: flow.generated.map((item) => ({ ...item, id: nameOf(item.id) })),
    steps: flow.steps.map(step),
    result: mapResult(flow.result, rewrite),
    refresh: flow.refresh === null ? null : {
      ...flow.refresh,
      steps: flow.refresh.steps.map(step),
      result: mapResult(flow.refresh.result, rewrite),
    },
  };
}

function withExtractions(
  drafts: readonly Step[],
  prefix: string,
  used: readonly Expr[],
  extractions: readonly Extraction[],
): Step[] {
  return drafts.map((draft, index) => {
    const id = `${prefix}${index + 1}`;
    const own = extractions.filter((extraction) =>
      extraction.step === draft.id &&
      used.some((atom) => atom.kind === "extracted" && atom.extraction === extraction.id)
    );
    return { ...draft, id, extractions: own.map((extraction) => ({ ...extraction, step: id })) };
  });
}

/** A refresh may read the same place of the same trace as the login: its extractions get own names. */
function finishRefresh(refresh: RefreshFlow, known: KnownValues): RefreshFlow {
  const draftIds = new Set(refresh.steps.map(({ id }) => id));
  const used = resultExprs(refresh.result).concat(refresh.steps.flatMap(stepExprs)).flatMap(atoms);
  const renamed = new Map<string, Extraction>();
  for (const extraction of known.extractions) {
    const isUsed = used.some((atom) =>
      atom.kind === "extracted" && atom.extraction === extraction.id
    );
    if (!isUsed || !draftIds.has(extraction.step)) continue;
    const id = extraction.id.startsWith("new_") ? extraction.id : `new_${extraction.id}`;
    renamed.set(extraction.id, { ...extraction, id });
  }
  const rewrite = (expr: Expr) =>
    mapAtoms(expr, (atom) => {
      const target = atom.kind === "extracted" ? renamed.get(atom.extraction) : undefined;
      return target === undefined ? atom : { kind: "extracted", extraction: target.id };
    });
  const result = mapResult(refresh.result, rewrite);
  const steps = refresh.steps.map((step) => mapStep(step, rewrite));
  const usedNow = resultExprs(result).concat(steps.flatMap(stepExprs)).flatMap(atoms);
  return {
    ...refresh,
    steps: withExtractions(steps, "r", usedNow, [...renamed.values()]),
    result,
  };
}

/** Every `host:port` the script contacts, the steps' in order, then the refresh's. */
function hostsOf(
  recording: Recording,
  urls: readonly URL[],
  refresh: RefreshFlow | null,
): string[] {
  const refreshUrls = (refresh?.steps ?? []).map(({ trace }) =>
    recording.messages.find((message) => message.trace.id === trace)!.url
  );
  return [...new Set([...urls, ...refreshUrls].map((url) => hostPort(parseUrl(url.href)!)))];
}
