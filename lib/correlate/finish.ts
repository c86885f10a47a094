/** Turning a slice into a flow: unused names dropped, steps numbered, extractions put on their steps. */
import { isRecord } from "../base/json.ts";
import { hostPort } from "../http/url.ts";
import { exprsIn, namesIn, partsOf, renamed } from "./expr_walk.ts";
import { calledFunctions, type FoundFunction } from "./found_function.ts";
import type { Extraction, Input, LoginFlow, RefreshFlow, ResultTemplate, Step } from "./flow.ts";
import { type KnownValues, messageOf } from "./known_values.ts";
import type { Message, Recording } from "./recording.ts";
import type { Slice } from "./slice.ts";

export interface FlowParts {
  readonly slice: Slice;
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
  const { slice, result, apiOrigins, probes } = parts;
  const { known, recording } = slice;
  const drafts = slice.indexes.map((index) => slice.step(index));
  const refresh = parts.refresh === null ? null : finishRefresh(parts.refresh, known);
  const used = namesIn([drafts, result, refresh]);
  return renumbered({
    inputs: inOrderOfUse(known.inputs, [...drafts, result, ...refresh?.steps ?? []]),
    generated: known.generated.filter(({ id }) => used.has(id)),
    steps: withExtractions(
      drafts,
      "s",
      namesIn([drafts, result]),
      known.extractions.map((extraction) => nameless(extraction, slice)),
    ),
    result,
    refresh,
    hosts: hostsOf(recording, [...drafts, ...refresh?.steps ?? []]),
    apiOrigins,
    ...probesOf(probes),
    ...functionsOf([drafts, result], parts.functions),
  });
}

/**
 * The only member of an object, called as the user is, is taken whatever it is called, and so is a field.
 * @rule off: extraction
 */
function nameless(extraction: Extraction, { known, recording, fieldNames }: Slice): Extraction {
  const { locator } = fieldNames.steady(messageOf(extraction), extraction);
  const body = recording.at(messageOf(extraction)).responseBody;
  if (locator.kind !== "json" || body.kind !== "json") return { ...extraction, locator };
  let node: unknown = body.value;
  const path = locator.path.map((key) => {
    const isOnly = isRecord(node) && Object.keys(node).length === 1;
    node = (node as Record<string, unknown>)[key];
    return isOnly && known.holdsName(String(key)) ? 0 : key;
  });
  return { ...extraction, locator: { ...locator, path } };
}

function functionsOf(
  data: unknown,
  functions: readonly FoundFunction[] = [],
): Pick<LoginFlow, "functions"> {
  const called = exprsIn(data).flatMap(partsOf)
    .flatMap((expr) => expr.kind === "call" ? [expr.function] : []);
  return called.length === 0 ? {} : { functions: calledFunctions(called, functions) };
}

export function probesOf(probes: readonly Message[]): Pick<LoginFlow, "probe" | "moreProbes"> {
  const [probe = null, ...moreProbes] = probes.map(({ trace, method }) => (
    { trace: trace.id, method, url: trace.request.url }
  ));
  return { probe, moreProbes };
}

/** The inputs that are used, those of an earlier step first. */
function inOrderOfUse(inputs: readonly Input[], uses: readonly unknown[]): Input[] {
  const names = uses.map(namesIn);
  const firstUse = ({ name }: Input) => names.findIndex((used) => used.has(name));
  return inputs.filter((input) => firstUse(input) >= 0)
    .toSorted((a, b) => firstUse(a) - firstUse(b));
}

/** Numbers that names got beside values which were dropped since are taken back. */
function renumbered(flow: LoginFlow): LoginFlow {
  const steps = [...flow.steps, ...flow.refresh?.steps ?? []];
  const named = [...flow.generated, ...steps.flatMap(({ extractions }) => extractions)];
  const names = new Map<string, string>();
  const taken = new Set(flow.functions?.map(({ name }) => name));
  for (const id of [...flow.inputs.map(({ name }) => name), ...named.map((item) => item.id)]) {
    const base = id.replace(/_\d+$/, "");
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}_${number}`;
    taken.add(name);
    names.set(id, name);
  }
  const nameOf = (id: string) => names.get(id) ?? id;
  const withName = <T extends { readonly id: string }>(item: T) => ({
    ...item,
    id: nameOf(item.id),
  });
  const stepOf = (step: Step) => ({ ...step, extractions: step.extractions.map(withName) });
  const { refresh, ...rest } = renamed(flow, nameOf);
  return {
    ...rest,
    inputs: flow.inputs.map((input) => ({ ...input, name: nameOf(input.name) })),
    generated: flow.generated.map(withName),
    steps: rest.steps.map(stepOf),
    refresh: refresh && { ...refresh, steps: refresh.steps.map(stepOf) },
  };
}

function withExtractions(
  drafts: readonly Step[],
  prefix: string,
  used: ReadonlySet<string>,
  extractions: readonly Extraction[],
): Step[] {
  return drafts.map((draft, index) => {
    const step = `${prefix}${index + 1}`;
    const own = extractions.filter(({ id, step }) => step === draft.id && used.has(id));
    return { ...draft, id: step, extractions: own.map((one) => ({ ...one, step })) };
  });
}

/** A refresh may read the same place of the same trace as the login: its extractions get own names. */
function finishRefresh(refresh: RefreshFlow, known: KnownValues): RefreshFlow {
  const drafts = new Set(refresh.steps.map(({ id }) => id));
  const used = namesIn(refresh);
  const own = known.extractions.filter(({ id, step }) => used.has(id) && drafts.has(step));
  const names = new Map(own.map(({ id }) => [id, id.startsWith("new_") ? id : `new_${id}`]));
  const extractions = own.map((one) => ({ ...one, id: names.get(one.id)! }));
  const flow = renamed(refresh, (id) => names.get(id) ?? id);
  return { ...flow, steps: withExtractions(flow.steps, "r", namesIn(flow), extractions) };
}

/** Every `host:port` the script contacts, in the order of the steps. */
function hostsOf(recording: Recording, steps: readonly Step[]): string[] {
  const urls = steps.map(({ trace }) =>
    recording.messages.find((message) => message.trace.id === trace)!.url
  );
  return [...new Set(urls.map(hostPort))];
}
