/** Any JSON value (RFC 8259). */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export type JsonObject = { readonly [key: string]: JsonValue };

/** A JSON Schema (draft 2020-12) as plain data. */
export type JsonSchema = boolean | { readonly [keyword: string]: JsonValue };

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Text as it is; anything else, a scalar for the most part, as JSON. */
export function scalarText(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * Nesting up to which a text counts as JSON. What reads values goes down them by calls of itself; the
 * engine's stack ends at some thousand, and no application nests its data like that. Deeper is opaque text.
 */
export const MAX_JSON_DEPTH = 500;

/** `JSON.parse` that answers `undefined` instead of throwing, for too deep a text too; `null` stays `null`. */
export function parseJson(text: string): JsonValue | undefined {
  if (isNestedDeeper(text, MAX_JSON_DEPTH)) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether brackets outside of strings nest deeper than `limit`. For any text, in one pass. */
export function isNestedDeeper(text: string, limit: number): boolean {
  if (text.length <= 2 * limit) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (isBracket(code, "[", "{") && ++depth > limit) return true;
    else if (isBracket(code, "]", "}")) depth--;
  }
  return false;
}

function isBracket(code: number, square: string, curly: string): boolean {
  return code === square.charCodeAt(0) || code === curly.charCodeAt(0);
}

/** By `indexOf`, which is ten times as fast as a loop: most of a large text stands in its strings. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    if (!isEscaped(text, at, start)) return at;
  }
  return text.length;
}

/** An odd number of backslashes stands before it, back to the quote that opens the string. */
function isEscaped(text: string, at: number, start: number): boolean {
  let first = at;
  while (first - 1 > start && text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (at - first) % 2 === 1;
}
