/** What is judged of a claim beside the values of a proof: that it is not written down, and what it depends on. */
import { EncodedText } from "../codec/encoded_text.ts";
import type { Input } from "../correlate/flow.ts";
import type { Trace } from "../http/exchange.ts";
import { placeKey, requestValues } from "../judge/request_values.ts";
import type { ScriptRun } from "../judge/run.ts";
import type { Mismatch } from "./proof.ts";

/** Shorter values stand in a script by chance. */
const MIN_WRITTEN = 6;

/** A script never holds what it claims to compute, in whatever encoding. */
export function writtenGaps(source: string, gaps: readonly Input[]): Mismatch[] {
  return gaps.filter(({ recorded }) =>
    recorded.length >= MIN_WRITTEN && new EncodedText(recorded).isIn(source)
  ).map((gap) => gapMismatch(gap, "stands in the script as it was recorded"));
}

/** What a run sent where the recorded client sent the gap's value, by the gap's name. */
export function valuesInGaps(
  { sent }: ScriptRun,
  traces: readonly Trace[],
  gaps: readonly Input[],
): Map<string, string> {
  const found = new Map<string, string>();
  for (const { trace, request } of sent) {
    const recorded = traces.find(({ id }) => id === trace);
    for (const { value, ...place } of recorded ? requestValues(recorded.request) : []) {
      const gap = gaps.find((one) => value.includes(one.recorded));
      const now = requestValues(request).find((one) => placeKey(one) === placeKey(place))?.value;
      if (gap !== undefined && now !== undefined) found.set(gap.name, now);
    }
  }
  return found;
}

/** What three runs sent in the gaps, by name: twice for one user, once for another. */
export interface GapValues {
  readonly first: ReadonlyMap<string, string>;
  readonly again: ReadonlyMap<string, string>;
  readonly another: ReadonlyMap<string, string>;
}

/** The same for the same user, and another for another user. */
export function dependenceMismatches(
  gaps: readonly Input[],
  { first, again, another }: GapValues,
): Mismatch[] {
  const unstable = gaps.filter(({ name }) => first.get(name) !== again.get(name));
  const depends = gaps.some(({ name }) => first.get(name) !== another.get(name));
  return [
    ...unstable.map((gap) =>
      gapMismatch(gap, "is another each time for the same input, so it cannot be checked")
    ),
    ...depends
      ? []
      : gaps.slice(0, 1).map((gap) =>
        gapMismatch(gap, "is the same whatever the user types, so it is not computed from it")
      ),
  ];
}

function gapMismatch({ name }: Input, problem: string): Mismatch {
  return { step: null, trace: null, where: `value "${name}"`, problem };
}
