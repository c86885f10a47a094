/**
 * Whether the credentials make a difference: one recorded request sent with them and without them, and
 * both answers compared. A status alone proves little, several servers answer 200 to anybody.
 */

export type ProbeVerdict =
  /** With and without differ as they should. */
  | "confirmed"
  /** Nothing can be said: both are answered alike, or not at all. */
  | "inconclusive"
  /** The API answers as if nobody had logged in. */
  | "failed"
  /** There is no request to try. */
  | "none";

export interface ProbeAnswer {
  readonly status: number;
  readonly text: string;
  /** The answer is a login page, or sends to one. */
  readonly isLogin: boolean;
}

/** Bodies of the same page differ in tokens and times; those of two pages in more. From 0 to 1. */
const SAME_PAGE = 0.8;
/** As much text as is compared, in UTF-16 units. */
const MAX_COMPARED = 200_000;

/** The verdict, or `"repeat"` when both were accepted and only a second pair can tell. */
export function judgeProbe(
  withCredentials: ProbeAnswer,
  without: ProbeAnswer,
): ProbeVerdict | "repeat" {
  if (withCredentials.status === 401) return "failed";
  // An account may not see what the recorded one saw; but then it is told so, not sent to log in.
  if (withCredentials.status === 403) return without.status === 403 ? "failed" : "inconclusive";
  if (withCredentials.isLogin && without.isLogin && isSamePage(withCredentials, without)) {
    return "failed";
  }
  if (!isAccepted(withCredentials)) return "inconclusive";
  if (!isAccepted(without) || without.isLogin) return "confirmed";
  return withCredentials.text === without.text ? "inconclusive" : "repeat";
}

/** The verdict on two accepted pairs: a difference counts if it is there each time and stays the same. */
export function judgeRepeated(
  withCredentials: readonly [ProbeAnswer, ProbeAnswer],
  without: readonly [ProbeAnswer, ProbeAnswer],
): ProbeVerdict {
  const [first, second] = withCredentials;
  const isStable = first.text === second.text && without[0].text === without[1].text;
  if (isStable) return "confirmed";
  const isAlike = isSamePage(first, second) && isSamePage(without[0], without[1]);
  if (!isAlike) return "inconclusive";
  return !isSamePage(first, without[0]) || isWordedApart(withCredentials, without)
    ? "confirmed"
    : "inconclusive";
}

/**
 * A public page says little about who reads it: another name, "Log out" in place of "Log in". Each side must
 * have words that it has both times and the other has never. Tokens do not count, by their digits; and
 * those of one session do not come twice without it.
 */
function isWordedApart(
  withCredentials: readonly [ProbeAnswer, ProbeAnswer],
  without: readonly [ProbeAnswer, ProbeAnswer],
): boolean {
  const [first, second] = withCredentials.map(plainWords) as [Set<string>, Set<string>];
  const [third, fourth] = without.map(plainWords) as [Set<string>, Set<string>];
  return first.intersection(second).difference(third.union(fourth)).size > 0 &&
    third.intersection(fourth).difference(first.union(second)).size > 0;
}

function plainWords({ text }: ProbeAnswer): Set<string> {
  return new Set([...wordCounts(text).keys()].filter((word) => /^\p{L}{3,}$/u.test(word)));
}

function isAccepted({ status }: ProbeAnswer): boolean {
  return status >= 200 && status < 300;
}

function isSamePage(a: ProbeAnswer, b: ProbeAnswer): boolean {
  return a.status === b.status && similarity(a.text, b.text) >= SAME_PAGE;
}

/** The share of words two texts have in common, repetitions counted (Sørensen–Dice): 0 to 1. */
export function similarity(a: string, b: string): number {
  const [wordsA, wordsB] = [wordCounts(a), wordCounts(b)];
  const total = sum(wordsA.values()) + sum(wordsB.values());
  if (total === 0) return 1;
  let common = 0;
  for (const [word, count] of wordsA) common += Math.min(count, wordsB.get(word) ?? 0);
  return 2 * common / total;
}

function wordCounts(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of text.slice(0, MAX_COMPARED).matchAll(/[\p{L}\p{N}]+/gu)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
