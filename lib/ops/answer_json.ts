/**
 * The JSON of an answer with the digits its numbers were written with: identifiers of 64 bits are beyond
 * what a number of JavaScript holds.
 */
import { parseExactJson, rawNumber } from "../base/exact_json.ts";
import { stripJsonGuard } from "../http/body.ts";
import type { ToolResult } from "./tool_owner.ts";

/** Numbers that those of JavaScript may not hold: the shortest have sixteen digits, or an exponent. */
const MAY_BE_INEXACT = /\d{16}|\d[eE]/;

/** For what is written as JSON again: large whole numbers are raw values. */
export function exactJson({ json, text }: Pick<ToolResult, "json" | "text">): unknown {
  if (text === null || !MAY_BE_INEXACT.test(text)) return json;
  try {
    return parseExactJson(stripJsonGuard(text.replace(/^\ufeff/, "").trimStart()));
  } catch {
    return json;
  }
}

/** For readers that parse JSON into numbers of 64-bit floating point: large whole numbers are texts. */
export function digitsAsText(value: unknown): unknown {
  const digits = rawNumber(value);
  if (digits !== undefined) return digits;
  if (Array.isArray(value)) return value.map(digitsAsText);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, digitsAsText(member)]),
  );
}
