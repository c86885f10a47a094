/**
 * Whether a session has ended, by what was measured while it was good. An answer alone raises doubt at
 * most; a recorded request, sent again and held against both of its measured answers, settles it. Pure.
 */
import { type AnswerKind, type AnswerMarks, sameFrame } from "./answer_marks.ts";
import type { SessionSign } from "./session_signs.ts";

/** An answer to a request that carried the token. */
export interface DoubtfulAnswer {
  readonly marks: AnswerMarks;
  /** Method, origin and path of the request. */
  readonly address: string;
  /** Of the recorded answers; `null` when unknown. */
  readonly expectedKind: AnswerKind | null;
  /** Something that every recorded answer held is missing, or `null`. */
  readonly isIncomplete: boolean;
  /** The answer takes away a cookie that the request carried. */
  readonly endsCookie: boolean;
}

/** What an answer to the recorded request says: `unclear` when it is like neither of the measured ones. */
export type Likeness = "with" | "without" | "unclear";

/**
 * Whether the answer may be one to somebody who is not logged in. `by looks`: something about it speaks for
 * that. `by the app`: nothing does, but this app answers strangers as it answers everybody.
 */
export type Doubt = "none" | "by looks" | "by the app";

export function doubtIn(answer: DoubtfulAnswer, signs: readonly SessionSign[]): Doubt {
  if (looksForeign(answer, signs)) return "by looks";
  const { marks, address } = answer;
  const isMeasured = signs.some(({ request }) => addressOf(request) === address);
  const isOpenApp = signs.length > 0 && signs.every(isOpen);
  return marks.status < 400 && !isMeasured && isOpenApp ? "by the app" : "none";
}

function looksForeign(answer: DoubtfulAnswer, signs: readonly SessionSign[]): boolean {
  const { marks, expectedKind, isIncomplete, endsCookie, address } = answer;
  if (marks.status === 429) return false;
  if (marks.status >= 400 && marks.status < 500) return true;
  if (marks.status >= 500) return signs.some(({ without }) => without.status === marks.status);
  if (marks.isLogin || isIncomplete || endsCookie) return true;
  if (expectedKind !== null && marks.kind !== expectedKind) return true;
  const own = signs.filter(({ request }) => addressOf(request) === address);
  if (own.length > 0) return own.some((sign) => likenessOf(marks, sign) === "without");
  return signs.some((sign) => speaksAlike(marks, sign));
}

/** The measured request that tells best: by its frame, else by the most marks. `null` without any. */
export function mostTelling(signs: readonly SessionSign[]): SessionSign | null {
  const score = (sign: SessionSign) =>
    sameFrame(sign.with, sign.without)
      ? ownMarks(sign.with, sign.without).length + ownMarks(sign.without, sign.with).length
      : Infinity;
  return signs.filter((sign) => score(sign) > 0)
    .reduce<SessionSign | null>(
      (best, sign) => best === null || score(sign) > score(best) ? sign : best,
      null,
    );
}

/** Which of the two measured answers this one is like. */
export function likenessOf(now: AnswerMarks, sign: SessionSign): Likeness {
  if (!sameFrame(sign.with, sign.without)) {
    if (sameFrame(now, sign.with)) return "with";
    return sameFrame(now, sign.without) ? "without" : "unclear";
  }
  if (!sameFrame(now, sign.with)) return "unclear";
  const byShape = likenessBy("shape", now, sign);
  return byShape === "unclear" ? likenessBy("marks", now, sign) : byShape;
}

function likenessBy(
  part: "shape" | "marks",
  now: AnswerMarks,
  { with: known, without }: SessionSign,
): Likeness {
  const asWith = shareOf(ownOf(known[part], without[part]), now[part]);
  const asWithout = shareOf(ownOf(without[part], known[part]), now[part]);
  if (asWith === null && asWithout === null) return "unclear";
  // Anybody's answer may be a part of the full one: then what is missing tells.
  if (asWithout === null) return asWith === 0 ? "without" : "with";
  if (asWith === null) return asWithout > 0.5 ? "without" : "with";
  if (asWithout > asWith && asWithout >= 0.5) return "without";
  return asWith > asWithout ? "with" : "unclear";
}

/**
 * True when somebody with the token is answered as anybody is, and not as the recorded user was: with
 * another kind of answer, or with what that one lacked in place of what it had.
 */
export function isStrangersAnswer(
  now: AnswerMarks,
  without: AnswerMarks,
  recorded: Pick<AnswerMarks, "kind" | "shape">,
): boolean {
  if (!sameFrame(now, without)) return false;
  if (now.kind !== recorded.kind) return now.kind === "html" && recorded.kind === "json";
  const asAnybody = shareOf(ownOf(without.shape, recorded.shape), now.shape);
  return asAnybody === 1 && shareOf(ownOf(recorded.shape, without.shape), now.shape) === 0;
}

/**
 * True when the answers of anybody lack at least half of what the recorded user's answer is made of, and these have
 * it: what else they hold may be another each time.
 */
export function isUsersAnswer(
  known: readonly AnswerMarks[],
  without: readonly AnswerMarks[],
  { kind, shape }: Pick<AnswerMarks, "kind" | "shape">,
): boolean {
  const own = ownOf(shape, without.flatMap((answer) => answer.shape));
  return own.length > 0 && own.length * 2 >= shape.length &&
    known.every((answer) => answer.kind === kind && shareOf(own, answer.shape)! > 0.5);
}

export function addressOf({ method, url }: { readonly method: string; readonly url: string }) {
  const { origin, pathname } = new URL(url);
  return `${method} ${origin}${pathname}`;
}

/** True for a request that is answered whoever asks. */
function isOpen({ with: known, without }: SessionSign): boolean {
  return sameFrame(known, without);
}

/** An answer in the words that another request gets without a session: a code, a message. */
function speaksAlike(now: AnswerMarks, { with: known, without }: SessionSign): boolean {
  if (now.kind !== without.kind || now.status !== without.status) return false;
  const share = shareOf(ownMarks(without, known), [...now.shape, ...now.marks]);
  return share !== null && share >= 0.5;
}

/** Those of an answer's marks, of shape or not, that the other has not. */
function ownMarks(own: AnswerMarks, other: AnswerMarks): string[] {
  return [...ownOf(own.shape, other.shape), ...ownOf(own.marks, other.marks)];
}

function ownOf(own: readonly string[], other: readonly string[]): string[] {
  const others = new Set(other);
  return own.filter((mark) => !others.has(mark));
}

/** The share of `marks` that are `present`; `null` of none. */
function shareOf(marks: readonly string[], present: readonly string[]): number | null {
  if (marks.length === 0) return null;
  const known = new Set(present);
  return marks.filter((mark) => known.has(mark)).length / marks.length;
}
