/** What the user typed inside a longer text: where it stands, and how it is escaped there. */
import type { TransformOp } from "../codec/transforms.ts";
import type { Expr } from "./flow.ts";

/** The text cut at each occurrence of an input that stands for itself, not inside a longer word. */
export function splitWhole(
  text: string,
  value: string,
  input: string,
  op: TransformOp | null,
): (string | Expr)[] {
  const typed: Expr = { kind: "input", input };
  const expr: Expr = op === null ? typed : { kind: "transform", op, args: [typed] };
  const pieces: (string | Expr)[] = [];
  let from = 0;
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
    const before = text[at - 1] ?? "";
    const after = text[at + value.length] ?? "";
    if (/[A-Za-z0-9]/.test(before) || /[A-Za-z0-9]/.test(after)) continue;
    pieces.push(text.slice(from, at), expr);
    from = at + value.length;
  }
  pieces.push(text.slice(from));
  return pieces.filter((piece) => piece !== "");
}

/** How text must be written to stand inside this value: in XML, in JSON or a GraphQL document, in a URL. */
export function embeddingOf(value: string): TransformOp | null {
  if (/^\s*</.test(value)) return "xml-escape";
  if (/^\s*[[{]/.test(value) || /^\s*(query|mutation)\b[^{]*\{/.test(value)) return "json-escape";
  return /^https?:\/\/[^\s]+$/.test(value) || /^[^\s=&]+=[^\s&]*&[^\s]*$/.test(value)
    ? "url-encode"
    : null;
}
