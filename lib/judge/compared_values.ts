/**
 * Each place of the login's requests with what the recorded client sent there and what the runs of the
 * script sent: two runs with other people and other answers, and one with everything as it was.
 */
import type { Evidence } from "./evidence.ts";
import { openText } from "./open_text.ts";
import { resultPlaces } from "./carried_values.ts";
import { Reproduced } from "./reproduced.ts";
import { placeKey, type RequestValue, requestValues } from "./request_values.ts";
import type { ScriptRun } from "./run.ts";

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
  return [...sentValues(evidence, runs), ...resultValues(evidence, runs)];
}

const OTHERS = ["second", "reenacted", "reproduced", "repeated"] as const;

/** What the runs beside the first sent or handed over at a place. */
function othersAt(
  runs: JudgedRuns,
  byPlace: (run: ScriptRun | undefined) => ReadonlyMap<string, string>,
): (place: string) => Pick<ComparedValue, (typeof OTHERS)[number]> {
  const values = OTHERS.map((name) => [name, byPlace(runs[name])] as const);
  const at = (place: string) => values.map(([name, sent]) => [name, sent.get(place)]);
  return (place) => Object.fromEntries(at(place));
}

function sentValues(evidence: Evidence, runs: JudgedRuns): ComparedValue[] {
  const others = othersAt(runs, sentByPlace);
  return runs.first.sent.flatMap(({ request, trace }) => {
    const index = evidence.indexOf(trace);
    if (trace === null || index === -1) return [];
    const recorded = keyed(requestValues(evidence.traces[index]!.request));
    return [...keyed(requestValues(request))].flatMap(([key, { value: first }]) => {
      const place = recorded.get(key);
      if (place === undefined) return [];
      const { value, ...where } = place;
      return [{ ...where, trace, index, recorded: value, first, ...others(`${trace} ${key}`) }];
    });
  });
}

function sentByPlace(run: ScriptRun | undefined): Map<string, string> {
  const sent = run?.sent ?? [];
  return new Map(
    sent.flatMap(({ request, trace }) =>
      [...keyed(requestValues(request))].map(([key, { value }]) => [`${trace} ${key}`, value])
    ),
  );
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
  const others = othersAt(runs, handedByPlace);
  const reproduced = new Reproduced(runs.first, evidence.traces);
  return resultPlaces(runs.first.result).flatMap((place) => {
    const { kind, name, where, value: first } = place;
    const other = { ...others(placeKey(place)), repeated: undefined };
    const all = evidence.carriers(kind, name);
    const after = all.filter(({ index }) => index > reproduced.end);
    const ofLogin = after.filter(({ value }) => isIssuedFrom(reproduced, value, evidence));
    const carriers = [ofLogin, after].find((group) => group.length > 0) ?? all;
    const carrier = carriers.findLast(({ value }) => value === other.reenacted) ?? carriers.at(-1);
    if (carrier === undefined) return [];
    const { trace, index, value: recorded } = carrier;
    return [{ ...other, kind, name, where, trace, index, recorded, first }];
  });
}

function handedByPlace(run: ScriptRun | undefined): Map<string, string> {
  return new Map(resultPlaces(run?.result ?? null).map((place) => [placeKey(place), place.value]));
}

/**
 * The value, or a part of it, was issued by a request of the script, the last one that changes something or later.
 * @rule off: false
 */
function isIssuedFrom(reproduced: Reproduced, value: string, evidence: Evidence): boolean {
  return openText(value).some((part) => {
    const issued = evidence.issued.get(part);
    return issued !== undefined && issued.index >= reproduced.lastWrite &&
      reproduced.has(issued.trace);
  });
}
