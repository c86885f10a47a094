/** Addresses that curl makes of one with sets and ranges: `{a,b}`, `[1-3]`, `[001-100:10]`, `[a-z]` (curl(1), URL). */

/** A range may have millions of members: an address of more is taken as it stands. */
const MAX_ADDRESSES = 1_000;
/** Browsers and servers take no longer ones, in characters. */
const MAX_LENGTH = 8_000;
const PART =
  /\\([{}[\]])|\{([^{}[\]]{0,2000})\}|\[(?:(\d{1,15})-(\d{1,15})|([a-z])-([a-z])|([A-Z])-([A-Z]))(?::(\d{1,9}))?\]/g;

/** In curl's order: the last part changes first. An address in brackets (RFC 3986 section 3.2.2) is none of these. */
export function globbedAddresses(pattern: string): string[] {
  if (pattern.length > MAX_LENGTH) return [pattern];
  let addresses = [""];
  let at = 0;
  for (const found of pattern.matchAll(PART)) {
    const before = pattern.slice(at, found.index);
    const choices = choicesOf(found);
    if (addresses.length * choices.length > MAX_ADDRESSES) return [pattern];
    addresses = addresses.flatMap((start) => choices.map((choice) => start + before + choice));
    at = found.index + found[0].length;
  }
  return addresses.map((address) => address + pattern.slice(at));
}

function choicesOf(
  [whole, escaped, set, first, last, lower, lowerEnd, upper, upperEnd, step]: RegExpExecArray,
): string[] {
  if (escaped !== undefined) return [escaped];
  if (set !== undefined) return set.split(",");
  const by = Number(step ?? 1);
  const from = lower ?? upper;
  const end = lowerEnd ?? upperEnd;
  const range = from === undefined
    ? numbers(Number(first), Number(last), by)
    : numbers(from.charCodeAt(0), end!.charCodeAt(0), by);
  // One that runs backwards is none to curl either.
  if (range === null) return [whole];
  return from === undefined
    ? range.map((number) => String(number).padStart(first!.length, "0"))
    : range.map((code) => String.fromCharCode(code));
}

/** `null` for a range that is none. One number more than is looked at tells that there are too many. */
function numbers(first: number, last: number, step: number): number[] | null {
  if (step < 1 || last < first) return null;
  const count = Math.min(Math.floor((last - first) / step) + 1, MAX_ADDRESSES + 1);
  return Array.from({ length: count }, (_, index) => first + index * step);
}
