/** The words and signs of an expression (`expression.ts`). */
import { parseJson } from "../../base/json.ts";
import { ExpressionError } from "./expression_error.ts";

export interface ExpressionToken {
  readonly kind: "text" | "number" | "placeholder" | "place" | "name" | "sign";
  /** Of a text its value, else as written. */
  readonly text: string;
}

const PATTERNS: readonly (readonly [ExpressionToken["kind"] | "space", RegExp])[] = [
  ["space", /\s+|\/\/[^\n]*/y],
  ["text", /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y],
  ["placeholder", /‹[^‹›]*›|[a-z0-9]+#\d+/y],
  ["place", /t_\d+(?:_\d+)*(?:\.[^\s.,()+;="']+)+/y],
  ["number", /-?\d+(?![\w.])/y],
  ["name", /[A-Za-z_][\w-]*/y],
  ["sign", /[(),+;=]/y],
];

/** @throws {ExpressionError} */
export function expressionTokens(text: string): ExpressionToken[] {
  const tokens: ExpressionToken[] = [];
  for (let at = 0; at < text.length;) {
    const [kind, found] = tokenAt(text, at);
    at += found.length;
    if (kind !== "space") tokens.push({ kind, text: kind === "text" ? unquoted(found) : found });
  }
  return tokens;
}

function tokenAt(text: string, at: number): [ExpressionToken["kind"] | "space", string] {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined && found !== "") return [kind, found];
  }
  throw new ExpressionError(`"${text.slice(at, at + 12)}" is not part of the language`);
}

/** The escapes are those of JSON, in single quotes as well. */
function unquoted(literal: string): string {
  const inner = literal.slice(1, -1);
  const json = literal.startsWith("'")
    ? inner.replaceAll("\\'", "'").replaceAll(/(?<!\\)"/g, '\\"')
    : inner;
  const value = parseJson(`"${json}"`);
  if (typeof value !== "string") throw new ExpressionError(`${literal} is not a text`);
  return value;
}
