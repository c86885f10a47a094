/**
 * Walks over JSON text byte by byte without building values, so that a file larger than memory can be
 * taken apart. Only the outline is checked: whoever parses a span finds what is wrong inside it.
 */
import { type ByteSource, CHUNK_BYTES, type Span } from "./byte_source.ts";
import { InputProblem } from "./input_error.ts";

/** Longest object key that is read rather than refused, in bytes. */
const MAX_KEY_BYTES = 64 * 1024;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const END = -1;

/** Sets of bytes, as tables with a 1 for each member. */
const STRUCTURE = byteSet(QUOTE, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET);
const QUOTE_OR_BACKSLASH = byteSet(QUOTE, BACKSLASH);

export class JsonCursor {
  readonly #source: ByteSource;
  #chunk: Uint8Array = new Uint8Array(0);
  #chunkStart = 0;
  #at = 0;

  constructor(source: ByteSource) {
    this.#source = source;
    const head = source.read(0, 3);
    const hasBom = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
    this.#load(hasBom ? 3 : 0);
  }

  /** Offset of the next byte. */
  get offset(): number {
    return this.#chunkStart + this.#at;
  }

  /**
   * Yields the key of each member of the object that starts here. Who wants its value consumes it before the
   * next one is asked for.
   *
   * @throws {InputProblem} when there is no object or the text ends inside it.
   */
  *members(place: string): Generator<string> {
    if (this.#peek() !== OPEN_BRACE) throw new InputProblem(place, notA("object", place));
    this.#take();
    if (this.#peek() === CLOSE_BRACE) return void this.#take();
    do {
      const key = this.#key();
      if (this.#nextToken() !== COLON) throw this.#unexpected();
      const start = this.offset;
      yield key;
      if (this.offset === start) this.skipValue();
    } while (this.#separator(CLOSE_BRACE));
  }

  /** Yields the span of each element of the array that starts here. */
  *elements(place: string): Generator<Span> {
    if (this.#peek() !== OPEN_BRACKET) throw new InputProblem(place, notA("list", place));
    this.#take();
    if (this.#peek() === CLOSE_BRACKET) return void this.#take();
    do yield this.skipValue(); while (this.#separator(CLOSE_BRACKET));
  }

  /** Moves past the value that starts here. */
  skipValue(): Span {
    const first = this.#peek();
    const start = this.offset;
    if (first === QUOTE) this.#skipString();
    else if (first === OPEN_BRACE || first === OPEN_BRACKET) this.#skipNested();
    else this.#skipScalar();
    return { start, end: this.offset };
  }

  /** @throws {InputProblem} when anything but white space follows. */
  expectEnd(): void {
    if (this.#peek() !== END) throw this.#unexpected();
  }

  #key(): string {
    if (this.#peek() !== QUOTE) throw this.#unexpected();
    const start = this.offset;
    this.#skipString();
    const length = Math.min(this.offset - start, MAX_KEY_BYTES);
    const text = new TextDecoder().decode(this.#source.read(start, length));
    try {
      return String(JSON.parse(text));
    } catch {
      throw new InputProblem(`byte ${start}`, `it is not JSON: bad key at byte ${start}`);
    }
  }

  #separator(close: number): boolean {
    const token = this.#nextToken();
    if (token === COMMA) return true;
    if (token === close) return false;
    throw this.#unexpected();
  }

  #skipNested(): void {
    let depth = 0;
    do {
      const byte = this.#skipTo(STRUCTURE);
      if (byte === QUOTE) this.#skipRestOfString();
      else depth += byte === OPEN_BRACE || byte === OPEN_BRACKET ? 1 : -1;
    } while (depth > 0);
  }

  #skipString(): void {
    this.#take();
    this.#skipRestOfString();
  }

  #skipRestOfString(): void {
    while (this.#skipTo(QUOTE_OR_BACKSLASH) === BACKSLASH) this.#take();
  }

  /** Takes bytes up to and including the first that is wanted. Most of a recording passes through here. */
  #skipTo(wanted: Uint8Array): number {
    for (;;) {
      const chunk = this.#chunk;
      for (let at = this.#at; at < chunk.length; at++) {
        const byte = chunk[at]!;
        if (wanted[byte] === 0) continue;
        this.#at = at + 1;
        return byte;
      }
      this.#load(this.#chunkStart + chunk.length);
      if (this.#chunk.length === 0) throw cutOff();
    }
  }

  #skipScalar(): void {
    const start = this.offset;
    while (!endsScalar(this.#current())) this.#take();
    if (this.offset === start) throw this.#unexpected();
  }

  /** The next byte that is not white space, not taken. */
  #peek(): number {
    while (isSpace(this.#current())) this.#take();
    return this.#current();
  }

  #nextToken(): number {
    this.#peek();
    return this.#take();
  }

  #current(): number {
    if (this.#at >= this.#chunk.length) this.#load(this.offset);
    return this.#chunk[this.#at] ?? END;
  }

  #take(): number {
    const byte = this.#current();
    if (byte !== END) this.#at++;
    return byte;
  }

  #load(offset: number): void {
    this.#chunk = this.#source.read(offset, CHUNK_BYTES);
    this.#chunkStart = offset;
    this.#at = 0;
  }

  #unexpected(): InputProblem {
    if (this.#current() === END) return cutOff();
    const place = `byte ${this.offset}`;
    return new InputProblem(place, `it is not JSON: unexpected character near ${place}`);
  }
}

function byteSet(...bytes: readonly number[]): Uint8Array {
  const set = new Uint8Array(256);
  for (const byte of bytes) set[byte] = 1;
  return set;
}

function endsScalar(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte === END ||
    byte === COLON || byte === QUOTE || isSpace(byte);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function notA(type: string, place: string): string {
  const article = type === "object" ? "an" : "a";
  return place === "" ? `it is not a JSON ${type}` : `"${place}" is not ${article} ${type}`;
}

function cutOff(): InputProblem {
  return new InputProblem("", "the file ends in the middle of the recording");
}
