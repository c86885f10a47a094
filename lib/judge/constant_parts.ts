/**
 * Parts of a value that stayed as they were recorded while the rest of it changed with the session:
 * `Scheme ticket:signature:time` with the ticket and the time of the day, and the signature of the recording.
 */
import type { ComparedValue } from "./compared_values.ts";
import type { Evidence } from "./evidence.ts";
import { copyObjection, type Finding, objection, unsettled } from "./finding.ts";
import { openText } from "./open_text.ts";
import { isPersonalPlace } from "./place_kinds.ts";
import { requestValues } from "./request_values.ts";
import type { ScriptCase } from "./script_case.ts";
import { isTokenLike } from "./token_like.ts";

/** Shorter parts are names and versions. In UTF-16 units. */
const MIN_PART = 16;

/** A shorter one is the same by chance all too often. */
const MIN_TELLING = 3;

/** Base64 and its like are one part; `=` stands at their ends. */
const SEPARATORS = /[\s:;,|&?"'{}()[\]]+|(?<==)(?=[^=])/;

export function judgeConstantPart(value: ComparedValue, script: ScriptCase): Finding | null {
  const { recorded, first, second } = value;
  const { evidence, held } = script;
  if (first === recorded || /^https?:/i.test(recorded)) return null;
  const short = shortPart(value, script);
  if (short !== null) return short;
  const stays = recorded.split(SEPARATORS).some((part) =>
    part.length >= MIN_PART && part !== recorded && isTokenLike(part) &&
    first.includes(part) && second?.includes(part) !== false && !held.has(part) &&
    !evidence.isInClientCode(part) && isSentOnce(part, value, evidence)
  );
  if (!stays) return null;
  return isPersonalPlace(value)
    ? objection(
      value,
      "holds a part as it was recorded, while the rest is of this session: it was computed for another",
    )
    : unsettled(
      value,
      "constant",
      "a part of it is as recorded while the rest is of this session, and nothing shows where it is from",
    );
}

/** A number or short id of an answer beside another value of that answer, in a pair, in JSON: `4711:token`. */
function shortPart(value: ComparedValue, { evidence, held }: ScriptCase): Finding | null {
  const { recorded, first, second = first, index } = value;
  const parts = openText(recorded);
  const [now, other] = [openText(first), openText(second)];
  for (const part of parts) {
    if (!now.includes(part) || !other.includes(part) || held.has(part)) continue;
    const issuer = evidence.shortIssuer(part);
    if (issuer === null || issuer.index >= index) continue;
    const isBeside = part.length >= MIN_TELLING &&
      parts.some((one) => evidence.issued.get(one)?.trace === issuer.trace);
    const why = `a part of it may come from the answer of ${issuer.trace}, ${issuer.place}`;
    return isBeside ? copyObjection(value, issuer) : unsettled(value, "constant", why);
  }
  return null;
}

/** What other requests carry, too, is the client's own. */
function isSentOnce(part: string, { trace }: ComparedValue, { traces }: Evidence): boolean {
  return !traces.some((other) =>
    other.id !== trace && requestValues(other.request).some(({ value }) => value.includes(part))
  );
}
