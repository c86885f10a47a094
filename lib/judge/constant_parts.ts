/**
 * Parts of a value that stayed as they were recorded while the rest of it changed with the session:
 * `Scheme ticket:signature:time` with the ticket and the time of the day, and the signature of the recording.
 */
import type { Assumption } from "./assumption.ts";
import type { ComparedValue } from "./compared_values.ts";
import type { Evidence } from "./evidence.ts";
import type { HeldValues } from "./held_values.ts";
import { openText } from "./open_text.ts";
import { isPersonalPlace } from "./place_kinds.ts";
import { requestValues } from "./request_values.ts";
import type { Objection } from "./run.ts";
import { isTokenLike } from "./token_like.ts";

/** Shorter parts are names and versions. In UTF-16 units. */
const MIN_PART = 16;

/** A shorter one is the same by chance all too often. */
const MIN_TELLING = 3;

/** Base64 and its like are one part; `=` stands at their ends. */
const SEPARATORS = /[\s:;,|&?"'{}()[\]]+|(?<==)(?=[^=])/;

export function judgeConstantPart(
  value: ComparedValue,
  { evidence, held }: { readonly evidence: Evidence; readonly held: HeldValues },
): Objection | Assumption | null {
  const { recorded, first, second, trace, where } = value;
  if (first === recorded || /^https?:/i.test(recorded)) return null;
  const short = shortPart(value, evidence, held);
  if (short !== null) return short;
  const stays = recorded.split(SEPARATORS).some((part) =>
    part.length >= MIN_PART && part !== recorded && isTokenLike(part) &&
    first.includes(part) && second?.includes(part) !== false && !held.has(part) &&
    !evidence.isInClientCode(part) && isSentOnce(part, value, evidence)
  );
  if (!stays) return null;
  return isPersonalPlace(value)
    ? {
      trace,
      where,
      problem:
        "holds a part as it was recorded, while the rest is of this session: it was computed for another",
    }
    : {
      trace,
      where,
      as: "constant",
      why:
        "a part of it is as recorded while the rest is of this session, and nothing shows where it is from",
      isSettled: false,
    };
}

/** A number or short id of an answer beside another value of that answer, in a pair, in JSON: `4711:token`. */
function shortPart(
  { recorded, first, second, trace, where, index }: ComparedValue,
  evidence: Evidence,
  held: HeldValues,
): Objection | Assumption | null {
  const parts = openText(recorded);
  const [now, other] = [first, second ?? first].map((text) => new Set(openText(text)));
  for (const part of parts) {
    if (!now!.has(part) || !other!.has(part) || held.has(part)) continue;
    const issuer = evidence.shortIssuer(part);
    if (issuer === null || issuer.index >= index) continue;
    const from = `the answer of ${issuer.trace}, ${issuer.place}`;
    const isBeside = part.length >= MIN_TELLING &&
      parts.some((one) => evidence.issued.get(one)?.trace === issuer.trace);
    return isBeside
      ? { trace, where, problem: `holds a recorded value, to be taken from ${from}` }
      : {
        trace,
        where,
        as: "constant",
        why: `a part of it may come from ${from}`,
        isSettled: false,
      };
  }
  return null;
}

/** What other requests carry, too, is the client's own. */
function isSentOnce(part: string, { trace }: ComparedValue, { traces }: Evidence): boolean {
  return !traces.some((other) =>
    other.id !== trace && requestValues(other.request).some(({ value }) => value.includes(part))
  );
}
