/** Values that nothing in the recording explains, and that a script claims to compute. */
import { alphabetOf } from "../http/opaque.ts";
import type { ComparedValue } from "./compared_values.ts";
import { openText } from "./open_text.ts";
import type { Objection } from "./run.ts";

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

export function judgeClaim(compared: ComparedValue, claimed: readonly ClaimedValue[]): Objection[] {
  const { trace, where, recorded, reenacted, reproduced } = compared;
  const claim = claimIn(recorded, claimed);
  if (claim === undefined) return [];
  const problem = claim.isReproducible
    ? reenacted === recorded || reproduced === recorded
      ? null
      : "is not what the recorded client sent for the same input"
    : formProblem(claim, compared);
  return problem === null ? [] : [{ trace, where, problem }];
}

/** Judged where the claim stands alone: beside it other people have other texts. */
function formProblem({ value }: ClaimedValue, { recorded, first, second }: ComparedValue) {
  if (recorded !== value) return null;
  const sent = [first, ...second === undefined ? [] : [second]];
  if (sent.some(({ length }) => length * 2 < value.length || length > value.length * 2)) {
    return "has a length far from the recorded one's";
  }
  const alphabet = alphabetOf(value);
  const isRich = /[g-z]/i.test(value) && /\d/.test(value);
  const isAllowed = (char: string) =>
    value.includes(char) || alphabet.includes(char) || isRich && /[\w+/=-]/.test(char);
  return sent.every((text) => [...text].every(isAllowed))
    ? null
    : "has characters that the recorded one has not";
}
