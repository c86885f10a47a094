/**
 * Parts of a value that stayed as they were recorded while the rest of it changed with the session:
 * `Scheme ticket:signature:time` with the ticket and the time of the day, and the signature of the recording.
 */
import type { Assumption } from "./assumption.ts";
import type { ComparedValue } from "./compared_values.ts";
import type { Evidence } from "./evidence.ts";
import type { HeldValues } from "./held_values.ts";
import { isPersonalPlace } from "./place_kinds.ts";
import { requestValues } from "./request_values.ts";
import type { Objection } from "./run.ts";
import { isTokenLike } from "./token_like.ts";

/** Shorter parts are names and versions. In UTF-16 units. */
const MIN_PART = 16;

/** Base64 and its like are one part; `=` stands at their ends. */
const SEPARATORS = /[\s:;,|&?"'{}()[\]]+|(?<==)(?=[^=])/;

export function judgeConstantPart(
  value: ComparedValue,
  { evidence, held }: { readonly evidence: Evidence; readonly held: HeldValues },
): Objection | Assumption | null {
  const { recorded, first, second, trace, where } = value;
  if (first === recorded || /^https?:/i.test(recorded)) return null;
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

/** What other requests carry, too, is the client's own. */
function isSentOnce(part: string, { trace }: ComparedValue, { traces }: Evidence): boolean {
  return !traces.some((other) =>
    other.id !== trace && requestValues(other.request).some(({ value }) => value.includes(part))
  );
}
