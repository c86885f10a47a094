/** What the user typed inside a longer text: where it stands, and how it is escaped there. */
import { applyTransform, type TransformOp } from "../codec/transforms.ts";
import { applied, ofInput } from "./expr.ts";
import type { Expr, Input } from "./flow.ts";

/** A stretch of a text that is an input. */
export interface InputSpan {
  readonly start: number;
  readonly end: number;
  readonly expr: Expr;
}

/** Where a value stands as a word of its own, as it is or as this kind of text writes it. */
export function occurrencesOf(
  value: string,
  text: string,
  op: TransformOp | null,
): { readonly start: number; readonly end: number }[] {
  const forms = new Set([value, op === null ? value : applyTransform(op, [value])]);
  return [...forms].flatMap((form) => {
    const found = [];
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) {
      const end = at + form.length;
      if (!endsInWord(text.slice(0, at)) && !beginsInWord(text.slice(end))) {
        found.push({ start: at, end });
      }
    }
    return found;
  });
}

/** @rule off: false */
function endsInWord(text: string): boolean {
  return /[\p{L}\p{N}]$/u.test(text) && !/%[0-9A-Fa-f]{2}$/.test(text);
}

/** @rule off: false */
function beginsInWord(text: string): boolean {
  return /^[\p{L}\p{N}]/u.test(text);
}

/** The text with its spans as expressions, those that begin first; a span inside another is left out. */
export function cutAt(text: string, spans: readonly InputSpan[]): (string | Expr)[] {
  const pieces: (string | Expr)[] = [];
  let from = 0;
  for (const { start, end, expr } of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (start < from) continue;
    pieces.push(text.slice(from, start), expr);
    from = end;
  }
  pieces.push(text.slice(from));
  return pieces.filter((piece) => piece !== "");
}

/** The input, written as this kind of text writes it. */
export function written(input: Input, op: TransformOp | null): Expr {
  return op === null ? ofInput(input) : applied(op, ofInput(input));
}

/**
 * How text must be written to stand inside this value: in XML, in JSON or a GraphQL document, in a URL.
 * @rule off: null
 */
export function embeddingOf(value: string): TransformOp | null {
  if (/^\s*</.test(value)) return "xml-escape";
  if (/^\s*[[{]/.test(value) || /^\s*(query|mutation)\b[^{]*\{/.test(value)) return "json-escape";
  return /^https?:\/\/[^\s]+$/.test(value) || /^[^\s=&]+=[^\s&]*&[^\s]*$/.test(value)
    ? "url-encode"
    : null;
}
