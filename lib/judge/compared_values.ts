/**
 * Each place of the login's requests with what the recorded client sent there and what the runs of the
 * script sent: two runs with other people and other answers, and one with everything as it was.
 */
import type { Evidence } from "./evidence.ts";
import { openText } from "./open_text.ts";
import { placeKey, type RequestValue, requestValues } from "./request_values.ts";
import type { RunResult, ScriptRun } from "./run.ts";

export interface JudgedRuns {
  readonly first: ScriptRun;
  /** Somebody else than in the first, with other answers. */
  readonly second: ScriptRun;
  /** The recorded answers, moment and inputs. */
  readonly reenacted: ScriptRun;
  /** As that, and with the recorded random values where the script makes its own. */
  readonly reproduced?: ScriptRun;
  /** As `reenacted` at another moment: what is the same once more was not made up. */
  readonly repeated?: ScriptRun;
  /** These random values, as recorded. */
  readonly drawn?: ReadonlySet<string>;
}

export interface ComparedValue extends Omit<RequestValue, "value"> {
  /** `Trace.id` of the recorded request, and its place in time. */
  readonly trace: string;
  readonly index: number;
  readonly recorded: string;
  readonly first: string;
  /** `undefined` where the run did not come so far, or sent nothing there. */
  readonly second: string | undefined;
  readonly reenacted: string | undefined;
  readonly reproduced: string | undefined;
  readonly repeated: string | undefined;
}

export function comparedValues(evidence: Evidence, runs: JudgedRuns): ComparedValue[] {
  const second = valuesByPlace(runs.second);
  const reenacted = valuesByPlace(runs.reenacted);
  const reproduced = valuesByPlace(runs.reproduced);
  const repeated = valuesByPlace(runs.repeated);
  const others = (at: string) => ({
    second: second.get(at),
    reenacted: reenacted.get(at),
    reproduced: reproduced.get(at),
    repeated: repeated.get(at),
  });
  return [...sentValues(evidence, runs, others), ...resultValues(evidence, runs)];
}

function sentValues(
  evidence: Evidence,
  runs: JudgedRuns,
  othersAt: (
    place: string,
  ) => Pick<ComparedValue, "second" | "reenacted" | "reproduced" | "repeated">,
): ComparedValue[] {
  return runs.first.sent.flatMap(({ request, trace }) => {
    const index = evidence.traces.findIndex(({ id }) => id === trace);
    if (trace === null || index === -1) return [];
    const recorded = keyed(requestValues(evidence.traces[index]!.request));
    return [...keyed(requestValues(request))].flatMap(([key, { value: first }]) => {
      const place = recorded.get(key);
      if (place === undefined) return [];
      const { value, ...where } = place;
      return [{ ...where, trace, index, recorded: value, first, ...othersAt(`${trace} ${key}`) }];
    });
  });
}

function valuesByPlace(run: ScriptRun | undefined): Map<string, string> {
  const found = new Map<string, string>();
  for (const { request, trace } of run?.sent ?? []) {
    if (trace === null) continue;
    for (const [key, { value }] of keyed(requestValues(request))) {
      found.set(`${trace} ${key}`, value);
    }
  }
  return found;
}

/** By place; several of one name are told apart by their order. */
function keyed(values: readonly RequestValue[]): Map<string, RequestValue> {
  const found = new Map<string, RequestValue>();
  for (const value of values) {
    const key = placeKey(value);
    let nth = 0;
    while (found.has(`${key} ${nth}`)) nth++;
    found.set(`${key} ${nth}`, value);
  }
  return found;
}

/** What the script hands over, against the recorded requests that carried the like. */
function resultValues(evidence: Evidence, runs: JudgedRuns): ComparedValue[] {
  const [first, second, reenacted] = [runs.first, runs.second, runs.reenacted].map(({ result }) =>
    new Map(resultPlaces(result).map((place) => [placeKey(place), place]))
  );
  const reproduced = new Map(
    resultPlaces(runs.reproduced?.result ?? null).map((place) => [placeKey(place), place]),
  );
  const sent = new Set(runs.first.sent.map(({ trace }) => trace));
  const end = evidence.traces.findLastIndex(({ id }) => sent.has(id));
  const lastWrite = lastWriteOf(runs.first, evidence);
  return [...first!].flatMap(([key, { where, value, kind, name }]) => {
    const again = reenacted!.get(key)?.value;
    const all = evidence.carriers(kind, name);
    const after = all.filter(({ index }) => index > end);
    const ofLogin = after.filter((one) => isIssuedFrom(lastWrite, one.value, sent, evidence));
    const carriers = [ofLogin, after].find((group) => group.length > 0) ?? all;
    const carrier = carriers.findLast((one) => one.value === again) ?? carriers.at(-1);
    if (carrier === undefined) return [];
    return [{
      kind,
      name,
      where: `result ${where}`,
      trace: carrier.trace,
      index: carrier.index,
      recorded: carrier.value,
      first: value,
      second: second!.get(key)?.value,
      reenacted: again,
      reproduced: reproduced.get(key)?.value,
      repeated: undefined,
    }];
  });
}

export function resultPlaces(result: RunResult | null): RequestValue[] {
  if (result === null) return [];
  const headers = Object.entries(result.headers);
  const request = { method: "GET", url: "http://result.invalid/", headers, body: null };
  return [
    ...requestValues(request).filter(({ kind }) => kind !== "path"),
    ...result.parameters.map(([name, value]) =>
      ({ kind: "query", name, value, where: `parameter "${name}"` }) as const
    ),
  ];
}

/**
 * The value, or a part of it, was issued by a request of the script, the last one that changes something or later.
 * @rule off: false
 */
function isIssuedFrom(
  lastWrite: number,
  value: string,
  sent: ReadonlySet<string | null>,
  evidence: Evidence,
): boolean {
  return openText(value).some((part) => {
    const issued = evidence.issued.get(part);
    return issued !== undefined && issued.index >= lastWrite && sent.has(issued.trace);
  });
}

/** The place in time of the last request of a run that changes something; -1 without one. */
export function lastWriteOf({ sent }: ScriptRun, { traces }: Evidence): number {
  const made = new Set(sent.map(({ trace }) => trace));
  return traces.findLastIndex(({ id, request }) =>
    made.has(id) && request.method !== "GET" && request.method !== "HEAD"
  );
}
