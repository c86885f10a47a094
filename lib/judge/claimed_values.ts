/** Values that nothing in the recording explains, and that a script claims to compute. */
import { percentDecode } from "../http/url.ts";
import { mayBeOfOneKind } from "./character_families.ts";
import type { ComparedValue, JudgedRuns } from "./compared_values.ts";
import { type Objection, objection } from "./finding.ts";
import { openText } from "./open_text.ts";

export interface ClaimedValue {
  /** As recorded. */
  readonly value: string;
  /** True when the recording holds all it is computed of; else its form alone can be judged here. */
  readonly isReproducible: boolean;
}

/** The claim that a recorded text is, or holds; `undefined` when it is none. */
export function claimIn(
  recorded: string,
  claimed: readonly ClaimedValue[],
): ClaimedValue | undefined {
  const parts = claimed.length === 0 ? [] : openText(recorded);
  return claimed.find(({ value }) => recorded === value || parts.includes(value));
}

export function judgeClaim(
  compared: ComparedValue,
  claimed: readonly ClaimedValue[],
  runs: JudgedRuns,
): Objection[] {
  const { recorded, reenacted, reproduced } = compared;
  const claim = claimIn(recorded, claimed);
  if (claim === undefined) return [];
  const problem = claim.isReproducible
    ? reenacted === recorded || reproduced === recorded
      ? null
      : "is not what the recorded client sent for the same input"
    : formProblem(claim, compared, runs);
  return problem === null ? [] : [objection(compared, problem)];
}

/** Judged where the claim stands alone: beside it other people have other texts. @rule off: null */
function formProblem(
  { value }: ClaimedValue,
  { recorded, first, second = first }: ComparedValue,
  runs: JudgedRuns,
): string | null {
  if (recorded !== value) return null;
  const [before, one, other] = [value, first, second].map((text) => percentDecode(text).length);
  if (one === other && !mayBeAsLong(before!, one!, runs)) {
    return "has a length far from the recorded one's";
  }
  return [first, second].every((text) => mayBeOfOneKind(value, text))
    ? null
    : "has characters that the recorded one has not";
}

/** Ciphers fill blocks of so many bytes: longer texts need not come out longer. */
const BLOCK = 16;

/** Numbers lose their leading zeros. Share of the length. */
const NUMBER_TOLERANCE = 0.1;

/**
 * What comes out equally long for texts of different lengths is of a fixed length: the recorded one's. What
 * comes out longer for a longer text says nothing, since the recorded text is unknown.
 * @rule off: true
 */
function mayBeAsLong(recorded: number, sent: number, { first, second }: JudgedRuns): boolean {
  const isFixed = [...first.answers].some(([name, answer]) =>
    Math.abs(answer.length - (second.answers.get(name)?.length ?? answer.length)) >= BLOCK
  );
  return isFixed
    ? Math.abs(sent - recorded) <= 1 + recorded * NUMBER_TOLERANCE
    : sent * 2 >= recorded && sent <= recorded * 2;
}
