/**
 * What is judged of a claim beside the values of a proof: that it is not written down, that it comes out the same
 * for the same answers, and that whatever is asked for is of some use.
 */
import { EncodedText } from "../codec/encoded_text.ts";
import type { Input } from "../correlate/flow.ts";
import type { Trace } from "../http/exchange.ts";
import type { Assumption } from "../judge/finding.ts";
import type { ClaimedValue } from "../judge/claimed_values.ts";
import type { Influence } from "./influence.ts";
import { type PlacedValue, recordedValues } from "./placed_values.ts";
import type { Mismatch } from "./proof.ts";

/** Shorter values stand in a script by chance. */
const MIN_WRITTEN = 6;

/** A script never holds what it claims to compute, in whatever encoding. */
export function writtenGaps(source: string, gaps: readonly Input[]): Mismatch[] {
  return gaps.filter(({ recorded }) =>
    recorded.length >= MIN_WRITTEN && new EncodedText(recorded).isIn(source)
  ).map((gap) => gapMismatch(gap, "stands in the script as it was recorded"));
}

/** A recorded value that a script computes, and where it was sent. */
export type PlacedClaim = ClaimedValue & PlacedValue;

/** What is sent in a gap has to be the same for the same answers. */
export function unstableGaps(
  gaps: readonly Input[],
  claims: readonly PlacedClaim[],
  { unstable }: Influence,
): Mismatch[] {
  const wild = claims.filter(({ place }) => unstable.has(place));
  return gaps.filter(({ recorded }) => wild.some(({ value }) => value === recorded)).map((gap) =>
    gapMismatch(gap, "is another each time for the same input, so it cannot be checked")
  );
}

/**
 * What nobody need be asked for; a value that a request carries as it was typed is not among `asked`. Where something
 * is another each time, whether it depends on an answer does not show.
 */
export function uselessPrompts(
  asked: readonly Input[],
  claims: readonly PlacedClaim[],
  { changed, unstable }: Influence,
): Mismatch[] {
  if (claims.some(({ place }) => unstable.has(place))) return [];
  return asked.filter(({ name }) => changed.get(name)?.size === 0).map(({ label }) => ({
    step: null,
    trace: null,
    where: `prompt "${label.slice(0, 80)}"`,
    problem: "asks for something, and nothing that is sent depends on the answer",
  }));
}

/** Every place where a request of the recording holds a gap's value. */
export function gapClaims(
  { recorded }: Input,
  traces: readonly Trace[],
  isReproducible: (place: string) => boolean,
): PlacedClaim[] {
  return recordedValues(traces).filter(({ value }) => value.includes(recorded))
    .map((one) => ({ ...one, value: recorded, isReproducible: isReproducible(one.place) }));
}

/** What nobody can hold against the recording is named among what the proof took on trust. */
export function assumedByForm(claims: readonly PlacedClaim[]): Assumption[] {
  const why =
    "is computed by the script of what it asks for, which nobody told, so that its form alone was checked";
  return claims.filter(({ isReproducible }) => !isReproducible).map(({ trace, where }) => ({
    trace,
    where,
    as: "generated",
    why,
    isSettled: false,
  }));
}

/** Where all gaps are the same whatever is typed. */
export function independentGap([gap]: readonly Input[]): Mismatch[] {
  return gap === undefined
    ? []
    : [gapMismatch(gap, "is the same whatever the user types, so it is not computed from it")];
}

function gapMismatch({ name }: Input, problem: string): Mismatch {
  return { step: null, trace: null, where: `value "${name}"`, problem };
}
