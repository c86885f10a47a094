/**
 * Where in many texts certain runs of letters and digits occur: one pass over every character, a
 * look-up only for runs that pass a filter on length, first and last character.
 */
import { base64Decode } from "../http/base64.ts";

/** Runs shorter than this occur everywhere by chance. In characters. */
export const MIN_FINGERPRINT = 4;
/** Texts remembered per run; the earliest matter. */
const MAX_PLACES = 48;

/** Entries of the look-up filter; one byte each. */
const FILTER_SIZE = 1 << 20;

/** Bits: 1 letter or digit; 2 may stand in base64url as well. */
const CLASS = new Uint8Array(128);
for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") {
  CLASS[char.charCodeAt(0)] = 3;
}
CLASS[45] = CLASS[95] = 2;

const PERCENT = 37;
const AMPERSAND = 38;
const BACKSLASH = 92;
const SMALL_E = 101;
const SMALL_U = 117;

export class Fingerprints {
  readonly #places = new Map<string, number[]>();
  readonly #filter = new Uint8Array(FILTER_SIZE);

  /** Asks for a run; places are known after the texts were noted. */
  want(run: string): void {
    if (this.#places.has(run)) return;
    this.#places.set(run, []);
    this.#filter[filterKey(run, 0, run.length)] = 1;
  }

  /** Indexes of the texts that hold the run, ascending. */
  places(run: string): readonly number[] {
    return this.#places.get(run) ?? [];
  }

  /**
   * Notes the wanted runs of a text. URL escapes, JSON escapes and HTML character references end a run,
   * so that what follows them is found; base64 of JSON is looked into.
   */
  note(text: string, index: number): void {
    const length = text.length;
    for (let at = 0; at < length;) {
      const code = text.charCodeAt(at);
      if (code < 128 && (CLASS[code]! & 1) !== 0) {
        const start = at;
        while (at < length && isAlphanumeric(text.charCodeAt(at))) at++;
        if (at - start >= MIN_FINGERPRINT) this.#run(text, start, at, index);
      } else {
        at += escapeLength(text, at, code);
      }
    }
  }

  #run(text: string, start: number, end: number, index: number): void {
    if (this.#filter[filterKey(text, start, end)] === 1) {
      const places = this.#places.get(text.slice(start, end));
      if (places !== undefined && places.length < MAX_PLACES && places.at(-1) !== index) {
        places.push(index);
      }
    }
    if (text.charCodeAt(start) === SMALL_E && text.startsWith("eyJ", start)) {
      this.#noteEncoded(text, start, index);
    }
  }

  /** `eyJ` is base64 for `{"`: what is inside may be asked for. */
  #noteEncoded(text: string, start: number, index: number): void {
    let end = start;
    while (end < text.length && ((CLASS[text.charCodeAt(end)] ?? 0) & 2) !== 0) end++;
    const inside = base64Decode(text.slice(start, end));
    if (inside !== undefined) this.note(inside, index);
  }
}

function isAlphanumeric(code: number): boolean {
  return code < 128 && (CLASS[code]! & 1) !== 0;
}

/** How many characters to skip from one that is no letter or digit. */
function escapeLength(text: string, at: number, code: number): number {
  if (code === PERCENT) return isHexPair(text, at + 1) ? 3 : 1;
  if (code === BACKSLASH) {
    return text.charCodeAt(at + 1) === SMALL_U && isHexPair(text, at + 2) && isHexPair(text, at + 4)
      ? 6
      : 2;
  }
  if (code !== AMPERSAND) return 1;
  const end = text.indexOf(";", at);
  return end > at && end - at <= 8 && /^&#?\w+$/.test(text.slice(at, end)) ? end - at + 1 : 1;
}

function isHexPair(text: string, at: number): boolean {
  return isHex(text.charCodeAt(at)) && isHex(text.charCodeAt(at + 1));
}

function isHex(code: number): boolean {
  return code >= 48 && code <= 57 || code >= 65 && code <= 70 || code >= 97 && code <= 102;
}

/** 20 bits of length, four first and two last characters. */
function filterKey(text: string, start: number, end: number): number {
  let hash = end - start;
  for (let at = start; at < start + 4; at++) hash = Math.imul(hash, 31) + text.charCodeAt(at);
  hash = Math.imul(hash, 31) + text.charCodeAt(end - 1);
  hash = Math.imul(hash, 31) + text.charCodeAt(end - 2);
  return (Math.imul(hash, 0x9e3779b1) >>> 12) & (FILTER_SIZE - 1);
}
