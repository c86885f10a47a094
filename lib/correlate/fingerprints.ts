/**
 * Where in many texts certain runs of letters and digits occur: one pass over every byte, a look-up
 * only for runs whose hash passes a filter. Texts are bytes of UTF-8 or of another encoding in which
 * ASCII characters, and nothing else, are bytes below 128.
 */
import { base64Decode } from "../http/base64.ts";

/** Runs shorter than this occur everywhere by chance. In characters. */
export const MIN_FINGERPRINT = 4;
/** Texts remembered per run; the earliest matter. */
const MAX_PLACES = 48;

/** The filter's counters are chosen by so many bits of a run's hash. */
const FILTER_BITS = 22;
const MAX_COUNT = 255;

/** What a byte may be part of, as bits. */
const ALPHANUMERIC = 1;
const BASE64URL = 2;
const WORD = 4;
const HEX = 8;
const CLASS = new Uint8Array(256);
for (let byte = 0; byte < 128; byte++) {
  const char = String.fromCharCode(byte);
  CLASS[byte] = (/[A-Za-z0-9]/.test(char) ? ALPHANUMERIC : 0) |
    (/[A-Za-z0-9_-]/.test(char) ? BASE64URL : 0) | (/\w/.test(char) ? WORD : 0) |
    (/[0-9A-Fa-f]/.test(char) ? HEX : 0);
}

const [NUMBER_SIGN, PERCENT, AMPERSAND, SEMICOLON, BACKSLASH, SMALL_U] = asciiBytes("#%&;\\u");
/** Base64 of `{"`. */
const ENCODED_OBJECT = asciiBytes("eyJ");
/** Of a character reference, from `&` to `;`. In bytes. */
const MAX_REFERENCE = 9;

export class Fingerprints {
  readonly #places = new Map<string, number[]>();
  /** How many wanted runs that are not yet remembered often enough have a key. */
  readonly #filter = new Uint8Array(1 << FILTER_BITS);

  /** Asks for a run; places are known after the texts were noted. */
  want(run: string): void {
    if (this.#places.has(run)) return;
    this.#places.set(run, []);
    let hash = 0;
    for (let at = 0; at < run.length; at++) hash = hashStep(hash, run.charCodeAt(at));
    const key = filterKey(hash);
    if (this.#filter[key]! < MAX_COUNT) this.#filter[key]!++;
  }

  /** How many runs were asked for. */
  get size(): number {
    return this.#places.size;
  }

  /** Indexes of the texts that hold the run, ascending; `undefined` when nobody asked for it. */
  places(run: string): readonly number[] | undefined {
    return this.#places.get(run);
  }

  /**
   * Notes the wanted runs of a text. URL escapes, JSON escapes and HTML character references end a run,
   * so that what follows them is found; base64 of JSON is looked into.
   */
  note(text: Uint8Array, index: number): void {
    const length = text.length;
    for (let at = 0; at < length;) {
      let byte = text[at]!;
      if ((CLASS[byte]! & ALPHANUMERIC) === 0) {
        at += byte === PERCENT || byte === BACKSLASH || byte === AMPERSAND
          ? escapeLength(text, at)
          : 1;
        continue;
      }
      const start = at;
      let hash = 0;
      do {
        hash = hashStep(hash, byte);
        byte = ++at < length ? text[at]! : 0;
      } while ((CLASS[byte]! & ALPHANUMERIC) !== 0);
      if (at - start < MIN_FINGERPRINT) continue;
      const key = filterKey(hash);
      if (this.#filter[key] !== 0) this.#remember(asciiText(text, start, at), key, index);
      if (isEncodedObject(text, start)) this.#noteEncoded(text, start, index);
    }
  }

  #remember(run: string, key: number, index: number): void {
    const places = this.#places.get(run);
    if (places === undefined || places.length >= MAX_PLACES || places.at(-1) === index) return;
    places.push(index);
    // A counter at its highest has lost count and stays.
    if (places.length === MAX_PLACES && this.#filter[key]! < MAX_COUNT) this.#filter[key]!--;
  }

  #noteEncoded(text: Uint8Array, start: number, index: number): void {
    let end = start;
    while (end < text.length && (CLASS[text[end]!]! & BASE64URL) !== 0) end++;
    const inside = base64Decode(asciiText(text, start, end));
    if (inside !== undefined) this.note(new TextEncoder().encode(inside), index);
  }
}

/** Wraps around at 32 bits. */
function hashStep(hash: number, byte: number): number {
  return Math.imul(hash, 31) + byte | 0;
}

/** The high bits of a product with 2^32 over the golden ratio (Knuth, TAOCP volume 3, section 6.4). */
function filterKey(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> (32 - FILTER_BITS);
}

function isEncodedObject(text: Uint8Array, at: number): boolean {
  return text[at] === ENCODED_OBJECT[0] && text[at + 1] === ENCODED_OBJECT[1] &&
    text[at + 2] === ENCODED_OBJECT[2];
}

/** How many bytes to skip from a percent sign, backslash or ampersand. */
function escapeLength(text: Uint8Array, at: number): number {
  if (text[at] === PERCENT) return isHexPair(text, at + 1) ? 3 : 1;
  if (text[at] === BACKSLASH) {
    return text[at + 1] === SMALL_U && isHexPair(text, at + 2) && isHexPair(text, at + 4) ? 6 : 2;
  }
  let end = at + (text[at + 1] === NUMBER_SIGN ? 2 : 1);
  while (end - at < MAX_REFERENCE && (CLASS[text[end] ?? 0]! & WORD) !== 0) end++;
  return text[end] === SEMICOLON ? end - at + 1 : 1;
}

function isHexPair(text: Uint8Array, at: number): boolean {
  return (CLASS[text[at] ?? 0]! & CLASS[text[at + 1] ?? 0]! & HEX) !== 0;
}

/** For short stretches of plain ASCII cheaper than a decoder. */
function asciiText(text: Uint8Array, start: number, end: number): string {
  let run = "";
  for (let at = start; at < end; at++) run += String.fromCharCode(text[at]!);
  return run;
}

function asciiBytes(text: string): number[] {
  return Array.from(text, (char) => char.charCodeAt(0));
}
