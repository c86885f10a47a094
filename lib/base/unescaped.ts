/**
 * A text with its escapes read, and where each character of it stood: a secret may be written with any of its characters
 * escaped (`%5a`, `\u005a`, `\x5a`, `\132`, `&#90;`, `&amp;`), an escaped text may be escaped again (`%2525`), and mail
 * breaks lines and words (RFC 2045 section 6.7, RFC 2047). In time that grows with the text.
 */
import type { TextRange } from "./encoded_runs.ts";
import { MARK_NAMES, markNamed } from "./mark_names.ts";

/**
 * One escape. An octet above 0x7f is a part of a character (UTF-8), and is read with its neighbours. What stands between the
 * characters of a text in UTF-16 that was read as another is nothing.
 */
const ESCAPE = new RegExp(
  [
    /%([0-9a-f]{2})|\\([0-3][0-7]{2})/, // octets: in hexadecimal, in octal
    /\\u([0-9a-f]{4})|\\u\{([0-9a-f]{1,6})\}|\\x([0-9a-f]{2})|&#x([0-9a-f]{1,12});?/,
    /&#(\d{1,12});?/,
    `&(${MARK_NAMES.join("|")});`,
    /(\0)/,
    /\\([^\w\s])/,
  ].map((part) => typeof part === "string" ? part : part.source).join("|"),
  "gi",
);

/** Of mail: an octet, the ends of lines, the joint of two encoded words of the kind Q, and a word of the kind B. */
const MAIL_ESCAPE = new RegExp(
  [
    /=([0-9a-f]{2})|=?(?:\r?\n|(?:\\r)?\\n)[ \t]?|\?=(?:\s|\\[nrt]){0,8}=\?[\w-]{1,40}\?q\?/,
    /=\?[\w-]{1,40}\?b\?([\w+/=]{0,1000})\?=(?:(?:\s|\\[nrt]){0,8}(?==\?))?/,
  ].map(({ source }) => source).join("|"),
  "gi",
);

/** `_` is a space in an encoded word of the kind Q. */
const MAIL_ESCAPE_OF_WORDS = new RegExp(`${MAIL_ESCAPE.source}|(_)`, "gi");
const HAS_WORD = /=\?[\w-]{1,40}\?q\?/i;

/**
 * What mail has and other texts seldom: escaped octets side by side, an escaped `=`, a soft end of a line, an encoded word,
 * base64 that goes on in the next line. Other texts are spared that reading.
 */
const LIKE_MAIL =
  /=[0-9A-F]{2}=[0-9A-F]{2}|=3D|=\r?\n|\?[bq]\?|(?:\r?\n|(?:\\r)?\\n)(?<=[A-Za-z0-9+/]{16}(?:\r?\n|(?:\\r)?\\n))[A-Za-z0-9+/]/i;

/** Deeper ones are nobody's habit. */
const MAX_LAYERS = 3;

const UTF8 = new TextDecoder();

export interface Unescaped {
  readonly text: string;
  /** The place in the original of a place in `text`: whole escapes. */
  original(range: TextRange): TextRange;
}

type Reading = (text: string) => Iterable<Escape>;

/** The text with one layer of escapes less, with two, with three, and as mail; none where it has no escapes. */
export function* unescapedLayers(text: string): Generator<Unescaped> {
  const whole: Unescaped = { text, original: (range) => range };
  yield* layersOf(whole, escapesIn, MAX_LAYERS);
  for (const mail of layersOf(whole, mailEscapesIn, 1)) {
    yield mail;
    yield* layersOf(mail, escapesIn, 1);
  }
}

function* layersOf(whole: Unescaped, reading: Reading, most: number): Generator<Unescaped> {
  let outer = whole;
  for (let layer = 0; layer < most; layer++) {
    const inner = unescaped(outer.text, reading);
    if (inner === null) return;
    const { original } = outer;
    outer = { text: inner.text, original: (range) => original(inner.original(range)) };
    yield outer;
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

function unescaped(text: string, reading: Reading): Unescaped | null {
  const stretches: Stretch[] = [];
  const parts: string[] = [];
  let length = 0;
  let copied = 0;
  for (const { from, to, value } of reading(text)) {
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

/** A match of a pattern: an octet, or what it stands for. */
interface Found {
  readonly from: number;
  readonly to: number;
  readonly read: number | string;
}

function* escapesIn(text: string): Generator<Escape> {
  if (!/[%\\&\0]/.test(text)) return;
  yield* charactersOf(text.matchAll(ESCAPE), ([, hex, octal, ...others]) => {
    if (hex !== undefined) return Number.parseInt(hex, 16);
    return octal === undefined ? characterOf(others) : Number.parseInt(octal, 8);
  });
}

function* mailEscapesIn(text: string): Generator<Escape> {
  if (!LIKE_MAIL.test(text)) return;
  const hasSpaces = HAS_WORD.test(text);
  const pattern = hasSpaces ? MAIL_ESCAPE_OF_WORDS : MAIL_ESCAPE;
  yield* charactersOf(text.matchAll(pattern), ([, hex, word, space]) => {
    if (hex !== undefined) return Number.parseInt(hex, 16);
    if (word !== undefined) return wordOf(word);
    return space === undefined ? "" : " ";
  });
}

function wordOf(base64: string): string {
  try {
    return UTF8.decode(Uint8Array.fromBase64(base64));
  } catch {
    return base64;
  }
}

/** Octets side by side are read together; what stands for nothing does not part them. */
function* charactersOf(
  matches: Iterable<RegExpExecArray>,
  read: (match: RegExpExecArray) => number | string,
): Generator<Escape> {
  let octets: Found[] = [];
  for (const match of matches) {
    const found = { from: match.index, to: match.index + match[0].length, read: read(match) };
    const isPart = typeof found.read === "number" || found.read === "";
    if (octets.length > 0 && (!isPart || found.from !== octets.at(-1)!.to)) {
      yield* octetEscapes(octets);
      octets = [];
    }
    if (isPart) octets.push(found);
    else yield { from: found.from, to: found.to, value: String(found.read) };
  }
  yield* octetEscapes(octets);
}

/** Each ASCII character by itself; what lies between two is read as UTF-8. */
function* octetEscapes(octets: readonly Found[]): Generator<Escape> {
  const isHigh = ({ read }: Found) => typeof read === "number" && read >= 0x80;
  for (let at = 0; at < octets.length;) {
    const first = octets[at]!;
    let end = at + 1;
    if (isHigh(first)) {
      while (end < octets.length && (isHigh(octets[end]!) || octets[end]!.read === "")) end++;
    }
    const values = octets.slice(at, end).map(({ read }) => read).filter((read) => read !== "");
    const value = UTF8.decode(Uint8Array.from(values as number[]));
    yield { from: first.from, to: octets[end - 1]!.to, value };
    at = end;
  }
}

function characterOf(
  [four, braced, two, hex, decimal, name, nothing, plain]: readonly (string | undefined)[],
): string {
  if (plain !== undefined) return plain;
  if (nothing !== undefined) return "";
  if (name !== undefined) return markNamed(name);
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
