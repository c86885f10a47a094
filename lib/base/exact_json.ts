/**
 * JSON whose whole numbers stay as they are written. Identifiers of 64 bits are beyond what a number of
 * JavaScript holds (RFC 8259 section 6); a raw value keeps their digits when the document is written again.
 */

import { isNestedDeeper, type JsonValue, MAX_JSON_DEPTH } from "./json.ts";

/** Part of ECMAScript 2026 ("JSON.parse source text access") that the type library does not know yet. */
interface SourceJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): object;
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
}

const { parse, rawJSON, isRawJSON } = JSON as unknown as SourceJson;

/** For what is written again, not for reading: numbers beyond those of JavaScript are raw values. @throws {SyntaxError} */
export function parseExactJson(text: string): unknown {
  return parse(text, (_key, value, { source }) => {
    if (typeof value !== "number" || source === undefined) return value;
    const isRounded = /^-?\d+$/.test(source) && !Number.isSafeInteger(value);
    // `1e400` is JSON, and no number of JavaScript: it would be written as `null`.
    return isRounded || !Number.isFinite(value) ? rawJSON(source) : value;
  });
}

/** As `parseExactJson`, but `undefined` for what is not JSON or nests too deeply. */
export function exactJsonIn(text: string): JsonValue | undefined {
  if (isNestedDeeper(text, MAX_JSON_DEPTH)) return undefined;
  try {
    return parseExactJson(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** True for what is neither array nor object; a raw number is a scalar. */
export function isScalar(value: unknown): boolean {
  return typeof value !== "object" || value === null || isRawJSON(value);
}

/** The digits of a raw value; `undefined` for any other value. */
export function rawNumber(value: unknown): string | undefined {
  return isRawJSON(value) ? value.rawJSON : undefined;
}
