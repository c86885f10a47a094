/**
 * Where in many texts certain runs of letters and digits occur: one pass over every byte, and one look at
 * a table for each run. Texts are bytes of UTF-8 or of another encoding in which
 * ASCII characters, and nothing else, are bytes below 128.
 */
import { base64Decode } from "../http/base64.ts";

/** Runs shorter than this occur everywhere by chance. In characters. */
export const MIN_FINGERPRINT = 4;
/** Texts remembered per run; the earliest matter. */
const MAX_PLACES = 48;

/** What a byte may be part of, as bits. */
const ALPHANUMERIC = 1;
const BASE64URL = 2;
const WORD = 4;
const HEX = 8;
const ESCAPE = 16;
const CLASS = new Uint8Array(256);
for (let byte = 0; byte < 128; byte++) {
  const char = String.fromCharCode(byte);
  CLASS[byte] = (/[A-Za-z0-9]/.test(char) ? ALPHANUMERIC : 0) |
    (/[A-Za-z0-9_-]/.test(char) ? BASE64URL : 0) | (/\w/.test(char) ? WORD : 0) |
    (/[0-9A-Fa-f]/.test(char) ? HEX : 0) | (/[%&\\]/.test(char) ? ESCAPE : 0);
}

const [NUMBER_SIGN, PERCENT, SEMICOLON, BACKSLASH, SMALL_U, SMALL_X, TWO, FIVE] = asciiBytes(
  "#%;\\ux25",
);
/** Base64 of `{"`. */
const ENCODED_OBJECT = asciiBytes("eyJ");
/** Of a character reference, from `&` to `;`. In bytes. */
const MAX_REFERENCE = 9;

/** Slots of the table at first, as a power of two; it doubles when a quarter of them is taken. */
const FIRST_BITS = 10;
const SLOTS_PER_RUN = 4;
/** Bits for each slot, as a power of two: in front of the table, small enough to stay in a processor's cache. */
const BITS_PER_SLOT = 3;
/** The filter is built anew when there are so many times as many full runs: a few dozen times in all. */
const RENEWAL_GROWTH = 1.25;

export class Fingerprints {
  /** The runs asked for, in that order, and the texts that hold each. */
  readonly #runs: string[] = [];
  readonly #runHashes: number[] = [];
  readonly #places: (number[] | undefined)[] = [];
  /**
   * A table with open addressing (Knuth, TAOCP volume 3, section 6.4): hashes, 0 for a free slot, and the run
   * of each. Nearly all runs of a text were not asked for and end at the first slot they look at.
   */
  #bits = FIRST_BITS;
  #hashes = new Int32Array(1 << FIRST_BITS);
  #numbers = new Int32Array(1 << FIRST_BITS);
  /** One bit for each beginning of a hash: most runs are told by it to be none that was asked for. */
  #filter = new Int32Array(1 << FIRST_BITS + BITS_PER_SLOT - 5);
  /** Runs that have all their places, and how many of them make the filter worth building anew without them. */
  #full = 0;
  #fullAtRenewal = 1;

  /** Asks for a run; places are known after the texts were noted. */
  want(run: string): void {
    const hash = hashOf(run);
    if (this.#numberOf(run, hash) >= 0) return;
    this.#runs.push(run);
    this.#runHashes.push(hash);
    if (this.#runs.length * SLOTS_PER_RUN > this.#hashes.length) this.#grow();
    else this.#insert(hash, this.#runs.length - 1);
  }

  /** Indexes of the texts that hold the run, ascending; `undefined` when nobody asked for it. */
  places(run: string): readonly number[] | undefined {
    const number = this.#numberOf(run, hashOf(run));
    return number < 0 ? undefined : this.#places[number] ?? [];
  }

  #numberOf(run: string, hash: number): number {
    const mask = this.#hashes.length - 1;
    for (let slot = firstSlot(hash, this.#bits); this.#hashes[slot] !== 0; slot = slot + 1 & mask) {
      const number = this.#numbers[slot]!;
      if (this.#hashes[slot] === hash && this.#runs[number] === run) return number;
    }
    return -1;
  }

  #grow(): void {
    this.#bits++;
    this.#hashes = new Int32Array(1 << this.#bits);
    this.#numbers = new Int32Array(1 << this.#bits);
    this.#runHashes.forEach((hash, number) => this.#insert(hash, number));
    this.#renewFilter();
  }

  /** The words that stand in every answer soon have all their places, and are most of what is looked up. */
  #renewFilter(): void {
    this.#filter = new Int32Array(1 << this.#bits + BITS_PER_SLOT - 5);
    this.#runHashes.forEach((hash, number) => {
      if ((this.#places[number]?.length ?? 0) < MAX_PLACES) this.#letThrough(hash);
    });
    this.#fullAtRenewal = Math.ceil(this.#full * RENEWAL_GROWTH) + 1;
  }

  #letThrough(hash: number): void {
    const bit = firstSlot(hash, this.#bits + BITS_PER_SLOT);
    this.#filter[bit >>> 5]! |= 1 << bit;
  }

  #insert(hash: number, number: number): void {
    const mask = this.#hashes.length - 1;
    let slot = firstSlot(hash, this.#bits);
    while (this.#hashes[slot] !== 0) slot = slot + 1 & mask;
    this.#hashes[slot] = hash;
    this.#numbers[slot] = number;
    this.#letThrough(hash);
  }

  /**
   * Notes the wanted runs of a text. URL escapes, JSON escapes and HTML character references end a run,
   * so that what follows them is found; base64 of JSON is looked into.
   */
  note(text: Uint8Array, index: number): void {
    if (this.#full >= this.#fullAtRenewal) this.#renewFilter();
    const length = text.length;
    const [filter, bits] = [this.#filter, this.#bits + BITS_PER_SLOT];
    for (let at = 0; at < length;) {
      let byte = text[at]!;
      if ((CLASS[byte]! & ALPHANUMERIC) === 0) {
        at += (CLASS[byte]! & ESCAPE) === 0 ? 1 : escapeLength(text, at);
        continue;
      }
      const start = at;
      let hash = 0;
      do {
        hash = hashStep(hash, byte);
        byte = ++at < length ? text[at]! : 0;
      } while ((CLASS[byte]! & ALPHANUMERIC) !== 0);
      if (at - start < MIN_FINGERPRINT) continue;
      hash ||= 1;
      const bit = firstSlot(hash, bits);
      if ((filter[bit >>> 5]! >>> bit & 1) !== 0) this.#remember(text, start, at, hash, index);
      if (isEncodedObject(text, start)) this.#noteEncoded(text, start, index);
    }
  }

  #remember(text: Uint8Array, start: number, end: number, hash: number, index: number): void {
    const mask = this.#hashes.length - 1;
    for (let slot = firstSlot(hash, this.#bits); this.#hashes[slot] !== 0; slot = slot + 1 & mask) {
      if (this.#hashes[slot] !== hash) continue;
      const number = this.#numbers[slot]!;
      const places = this.#places[number] ??= [];
      if (places.length >= MAX_PLACES || places.at(-1) === index) continue;
      if (!isRun(this.#runs[number]!, text, start, end)) continue;
      places.push(index);
      if (places.length === MAX_PLACES) this.#full++;
    }
  }

  #noteEncoded(text: Uint8Array, start: number, index: number): void {
    let end = start;
    while (end < text.length && (CLASS[text[end]!]! & BASE64URL) !== 0) end++;
    const inside = base64Decode(asciiText(text, start, end));
    if (inside !== undefined) this.note(new TextEncoder().encode(inside), index);
  }
}

/** Never 0, which means a free slot. */
function hashOf(run: string): number {
  let hash = 0;
  for (let at = 0; at < run.length; at++) hash = hashStep(hash, run.charCodeAt(at));
  return hash === 0 ? 1 : hash;
}

/** Wraps around at 32 bits. */
function hashStep(hash: number, byte: number): number {
  return Math.imul(hash, 31) + byte | 0;
}

/** The high bits of a product with 2^32 over the golden ratio (Knuth, TAOCP volume 3, section 6.4). */
function firstSlot(hash: number, bits: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> (32 - bits);
}

function isRun(run: string, text: Uint8Array, start: number, end: number): boolean {
  if (run.length !== end - start) return false;
  for (let at = start; at < end; at++) if (run.charCodeAt(at - start) !== text[at]) return false;
  return true;
}

function isEncodedObject(text: Uint8Array, at: number): boolean {
  return text[at] === ENCODED_OBJECT[0] && text[at + 1] === ENCODED_OBJECT[1] &&
    text[at + 2] === ENCODED_OBJECT[2];
}

/** How many bytes to skip from a percent sign, backslash or ampersand. */
function escapeLength(text: Uint8Array, at: number): number {
  if (text[at] === PERCENT) return percentLength(text, at);
  if (text[at] === BACKSLASH) {
    if (text[at + 1] === SMALL_X) return isHexPair(text, at + 2) ? 4 : 2;
    return text[at + 1] === SMALL_U && isHexPair(text, at + 2) && isHexPair(text, at + 4) ? 6 : 2;
  }
  let end = at + (text[at + 1] === NUMBER_SIGN ? 2 : 1);
  while (end - at < MAX_REFERENCE && (CLASS[text[end] ?? 0]! & WORD) !== 0) end++;
  return text[end] === SEMICOLON ? end - at + 1 : 1;
}

/** `%3D`, and as often as an address stands in another one, `%253D`. */
function percentLength(text: Uint8Array, at: number): number {
  let end = at + 1;
  let isPercent = true;
  while (isPercent && isHexPair(text, end)) {
    isPercent = text[end] === TWO && text[end + 1] === FIVE;
    end += 2;
  }
  return end - at;
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
