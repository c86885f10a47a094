/**
 * A text with its escapes read, and where each character of it stood: a secret may be written with any of its characters
 * escaped (`%5a`, `\u005a`, `\x5a`, `&#90;`), and an escaped text may be escaped again (`%2525`). In time that grows with the text.
 */
import type { TextRange } from "./encoded_runs.ts";

/** One escape. An octet above 0x7f is a part of a character (UTF-8), and is read with its neighbours. */
const ESCAPE =
  /%([0-9a-f]{2})|\\u([0-9a-f]{4})|\\u\{([0-9a-f]{1,6})\}|\\x([0-9a-f]{2})|&#x([0-9a-f]{1,6});|&#(\d{1,7});|\\([^\w\s])/gi;

/** Deeper ones are nobody's habit. */
const MAX_LAYERS = 3;

const UTF8 = new TextDecoder();

export interface Unescaped {
  readonly text: string;
  /** The place in the original of a place in `text`: whole escapes. */
  original(range: TextRange): TextRange;
}

/** The text with one layer of escapes less, with two, with three; none where it has no escapes. */
export function* unescapedLayers(text: string): Generator<Unescaped> {
  let whole: Unescaped = { text, original: (range) => range };
  for (let layer = 0; layer < MAX_LAYERS; layer++) {
    const inner = unescaped(whole.text);
    if (inner === null) return;
    const outer = whole;
    whole = { text: inner.text, original: (range) => outer.original(inner.original(range)) };
    yield whole;
  }
}

/** A stretch of the unescaped text that stands for escapes; between two of them both texts are the same. */
interface Stretch {
  /** In the unescaped text; ends exclusive. */
  readonly start: number;
  readonly end: number;
  /** In the original. */
  readonly from: number;
  readonly to: number;
}

function unescaped(text: string): Unescaped | null {
  if (!/[%\\&]/.test(text)) return null;
  const stretches: Stretch[] = [];
  const parts: string[] = [];
  let length = 0;
  let copied = 0;
  for (const { from, to, value } of escapesIn(text)) {
    parts.push(text.slice(copied, from), value);
    const start = length + from - copied;
    length = start + value.length;
    stretches.push({ start, end: length, from, to });
    copied = to;
  }
  if (stretches.length === 0) return null;
  parts.push(text.slice(copied));
  return { text: parts.join(""), original: (range) => originalOf(range, stretches) };
}

interface Escape {
  readonly from: number;
  readonly to: number;
  readonly value: string;
}

function* escapesIn(text: string): Generator<Escape> {
  let octets: number[] = [];
  let from = 0;
  let to = 0;
  for (const match of text.matchAll(ESCAPE)) {
    const isOctet = match[1] !== undefined;
    if (octets.length > 0 && (!isOctet || match.index !== to)) {
      yield* octetEscapes(octets, from);
      octets = [];
    }
    if (!isOctet) {
      const value = characterOf(match);
      yield { from: match.index, to: match.index + match[0].length, value };
      continue;
    }
    if (octets.length === 0) from = match.index;
    octets.push(Number.parseInt(match[1]!, 16));
    to = match.index + match[0].length;
  }
  if (octets.length > 0) yield* octetEscapes(octets, from);
}

/** Each ASCII character by itself; what lies between two is read as UTF-8. */
function* octetEscapes(octets: readonly number[], from: number): Generator<Escape> {
  for (let at = 0; at < octets.length;) {
    let end = at + 1;
    if (octets[at]! >= 0x80) { while (end < octets.length && octets[end]! >= 0x80) end++; }
    const value = octets[at]! < 0x80
      ? String.fromCharCode(octets[at]!)
      : UTF8.decode(Uint8Array.from(octets.slice(at, end)));
    yield { from: from + 3 * at, to: from + 3 * end, value };
    at = end;
  }
}

function characterOf([, , four, braced, two, hex, decimal, plain]: RegExpExecArray): string {
  if (plain !== undefined) return plain;
  const digits = four ?? braced ?? two ?? hex;
  const code = digits === undefined ? Number(decimal) : Number.parseInt(digits, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}

function originalOf({ start, end }: TextRange, stretches: readonly Stretch[]): TextRange {
  return { start: placeOf(start, stretches).from, end: placeOf(end - 1, stretches).to };
}

/** Of one character: its escape, or itself. */
function placeOf(at: number, stretches: readonly Stretch[]): { from: number; to: number } {
  let low = 0;
  let high = stretches.length;
  while (low < high) { // the last that begins at or before the place
    const middle = (low + high) >> 1;
    if (stretches[middle]!.start <= at) low = middle + 1;
    else high = middle;
  }
  const before = stretches[low - 1];
  if (before === undefined) return { from: at, to: at + 1 };
  if (at < before.end) return before;
  const from = before.to + at - before.end;
  return { from, to: from + 1 };
}
