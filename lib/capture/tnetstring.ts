/**
 * Tagged netstrings (https://tnetstrings.info), in the dialect of mitmproxy's flow files: `LENGTH:DATA` and a
 * type, where `;` is Unicode text, `,` bytes, `#` an integer, `^` a float, `!` a boolean, `~` null, `]` a
 * list and `}` a dictionary.
 */
import { InputProblem } from "./input_error.ts";

export type TnetValue = null | boolean | number | string | Uint8Array | TnetValue[] | TnetDict;
/** Keys are text or ASCII bytes in the file. */
export type TnetDict = Map<string, TnetValue>;

/** Digits of a length: a terabyte is longer than any file that fits into memory. */
const MAX_LENGTH_DIGITS = 12;
const MAX_DEPTH = 32;
const COLON = 0x3a;

/** Offsets of one value: `data` up to `end` (exclusive), the type at `end`. */
export interface TnetFrame {
  readonly data: number;
  readonly end: number;
}

/**
 * The frame of the value whose length stands at the start of `head`, in offsets relative to it.
 *
 * @throws {InputProblem} when no length stands there.
 */
export function readFrame(head: Uint8Array, place: string): TnetFrame {
  const colon = head.subarray(0, MAX_LENGTH_DIGITS + 1).indexOf(COLON);
  const digits = new TextDecoder().decode(head.subarray(0, Math.max(colon, 0)));
  if (!/^\d+$/.test(digits)) throw new InputProblem(place, `it is not a flow file near ${place}`);
  return { data: colon + 1, end: colon + 1 + Number(digits) };
}

/**
 * Reads the one value that `bytes` holds.
 *
 * @throws {InputProblem} when it is malformed, nested too deeply, or followed by more.
 */
export function parseTnet(bytes: Uint8Array, place: string): TnetValue {
  const { value, next } = readValue(bytes, place, MAX_DEPTH);
  if (next !== bytes.length) throw malformed(place);
  return value;
}

function readValue(
  bytes: Uint8Array,
  place: string,
  depth: number,
): { value: TnetValue; next: number } {
  const { data, end } = readFrame(bytes, place);
  if (end >= bytes.length || depth === 0) throw malformed(place);
  const type = String.fromCharCode(bytes[end]!);
  return { value: decode(type, bytes.subarray(data, end), place, depth), next: end + 1 };
}

function decode(type: string, data: Uint8Array, place: string, depth: number): TnetValue {
  switch (type) {
    case ",":
      return data;
    case ";":
      return text(data);
    case "#":
    case "^":
      return number(text(data), place);
    case "!":
      return text(data) === "true";
    case "~":
      return null;
    case "]":
      return items(data, place, depth);
    case "}":
      return dictionary(items(data, place, depth), place);
    default:
      throw malformed(place);
  }
}

function items(data: Uint8Array, place: string, depth: number): TnetValue[] {
  const values: TnetValue[] = [];
  for (let at = 0; at < data.length;) {
    const { value, next } = readValue(data.subarray(at), place, depth - 1);
    values.push(value);
    at += next;
  }
  return values;
}

function dictionary(values: TnetValue[], place: string): TnetDict {
  const dict: TnetDict = new Map();
  for (let at = 0; at + 1 < values.length; at += 2) {
    const key = values[at]!;
    if (typeof key === "string") dict.set(key, values[at + 1]!);
    else if (key instanceof Uint8Array) dict.set(text(key), values[at + 1]!);
    else throw malformed(place);
  }
  return dict;
}

function number(digits: string, place: string): number {
  const value = Number(digits);
  if (digits === "" || Number.isNaN(value)) throw malformed(place);
  return value;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function malformed(place: string): InputProblem {
  return new InputProblem(place, `${place} is malformed or cut off`);
}
