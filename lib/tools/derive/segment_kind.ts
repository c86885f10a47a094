/** What a path segment looks like by itself: a word of a route, or a value that was put into one. */
import { isUuid } from "../../http/opaque.ts";

export type SegmentKind =
  | "integer"
  | "uuid"
  | "hash"
  | "date"
  | "email"
  | "handle"
  | "key"
  | "token"
  | "text";

/** ISO 8601: a month, a day or a moment. */
const DATE = /^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])([T ].*)?)?$/;
const EMAIL = /^[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s]{1,63}$/;
/** `PROJ-123`, as issue trackers number. */
const ISSUE_KEY = /^[A-Z][A-Z0-9]{1,9}-\d+$/;
/** Crockford's base 32 as in ULIDs. */
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
/** `v1`, `v2.1`, `v1beta3`. */
const VERSION = /^v\d+(\.\d+)*([a-z]+\d*)?$/i;
/** `cus_NffrFeUfNV2Hib`, `usr-8f3kd92`: a type, then at least six letters and digits mixed. */
const PREFIXED_ID = /^[a-z]{1,10}[_-](?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{6,}$/i;

/** Longer segments are opaque: no route is spelled like that. In characters. */
const MAX_WORD_LENGTH = 48;
/** Shorter strings of letters and digits are names (`mp3`, `ipv4`, `oauth2`). */
const MIN_TOKEN_LENGTH = 10;
/** Words keep letters together; in random text case and digits change every other character. */
const MAX_MEAN_RUN = 2.5;

/** `null` for what may be a word of the route. The segment is percent-decoded. */
export function segmentKind(segment: string): SegmentKind | null {
  if (/^\d+$/.test(segment)) return "integer";
  if (isUuid(segment)) return "uuid";
  if (isHash(segment)) return "hash";
  if (DATE.test(segment)) return "date";
  if (EMAIL.test(segment)) return "email";
  if (/^[@~][\w.-]+$/.test(segment)) return "handle";
  if (ISSUE_KEY.test(segment) || isCapitalCode(segment)) return "key";
  if (ULID.test(segment) || PREFIXED_ID.test(segment) || isRandom(segment)) return "token";
  // Route words are ASCII without blanks; whatever else is there was typed or is data.
  return /[\s/\\"<>{}|^`]|[^\x20-\x7e]/.test(segment) ? "text" : null;
}

/** Object ids, digests: hexadecimal with digits in it, so that `feedface` stays a word. */
function isHash(segment: string): boolean {
  return /^[0-9a-f]{8,}$/i.test(segment) && /\d/.test(segment) && /[a-f]/i.test(segment);
}

/** Booking codes, licence plates: capitals and digits mixed. */
function isCapitalCode(segment: string): boolean {
  return /^[A-Z0-9]{6,25}$/.test(segment) && /\d/.test(segment) && /[A-Z]/.test(segment);
}

function isRandom(segment: string): boolean {
  if (VERSION.test(segment)) return false;
  if (segment.length > MAX_WORD_LENGTH) return /[\d=]/.test(segment) || !/[-_.]/.test(segment);
  return segment.split(/[-_.~]/).some((part) => {
    if (part.length < MIN_TOKEN_LENGTH || !/\d/.test(part) || !/[a-z]/i.test(part)) return false;
    const runs = part.match(/[A-Z][a-z]+|[A-Z]+|[a-z]+|\d+|[^A-Za-z\d]+/g)?.length ?? 1;
    return part.length / runs < MAX_MEAN_RUN;
  });
}

/**
 * A segment taken apart into the value and what stands around it: `17.json` is an id with an extension
 * that chooses the format, `17:cancel` one with what is to be done, `@ada` a name behind its sign.
 */
export function splitSegment(
  segment: string,
): { prefix: string; value: string; suffix: string } {
  const [, sign = "", rest = ""] = /^([@~]?)(.*)$/s.exec(segment) ?? [];
  const extension = /\.(?:json|xml|csv|txt|html?)$|:[a-z][A-Za-z]{2,}$/.exec(rest)?.[0] ?? "";
  const value = rest.slice(0, rest.length - extension.length);
  return value === ""
    ? { prefix: "", value: segment, suffix: "" }
    : { prefix: sign, value, suffix: extension };
}

/**
 * True for `1`, `2`, `1.1` right behind `api` or at the start, and for a month or day behind it (`/api/2024-01/…`):
 * the version of the API, not an id.
 */
export function isVersionNumber(segment: string, previous: string | undefined): boolean {
  const isBehind = previous !== undefined && /^(api|rest|v|version|services?)$/i.test(previous);
  return /^\d{1,2}(\.\d{1,2})?$/.test(segment) && (previous === undefined || isBehind) ||
    /^\d{4}-\d{2}(-\d{2})?$/.test(segment) && isBehind;
}
