/** The body of a step: the recorded one, with an expression in place of each leaf. */
import type { JsonValue } from "../base/json.ts";
import { parseBody } from "../http/body.ts";
import { contentTypeParameter, headerValue, mediaType } from "../http/headers.ts";
import { xmlLeaves } from "../http/xml.ts";
import { applied, concat, isConstant } from "./expr.ts";
import type { BodyTemplate, Expr, JsonTemplate } from "./flow.ts";
import type { JsonPath, Leaf } from "./leaves.ts";
import type { Message } from "./recording.ts";

type Resolve = (leaf: Leaf) => Expr;

/** `null` for a request without a body, or with one that has no leaves. */
export function bodyTemplate(
  { trace, leaves }: Message,
  resolve: Resolve,
  nameOf: (leaf: Leaf) => Expr | null = () => null,
): BodyTemplate | null {
  const { headers, body: bytes } = trace.request;
  const body = parseBody(headers, bytes);
  const contentType = headerValue(headers, "content-type") ?? mediaType(headers);
  switch (body.kind) {
    case "form":
    case "multipart": {
      const fields = leaves.flatMap((leaf) =>
        leaf.place.kind === body.kind ? [[leaf.place.name, resolve(leaf)] as const] : []
      );
      const charset = contentTypeParameter(headers, "charset") ?? "utf-8";
      const isOther = body.kind === "form" && !/^utf-?8$/i.test(charset);
      const names = leaves.flatMap((leaf) => {
        if (leaf.place.kind !== body.kind) return [];
        const expr = nameOf(leaf);
        return expr === null ? [] : [[leaf.place.name, expr] as const];
      });
      return {
        fields,
        ...names.length === 0 ? {} : { names },
        ...isOther ? { charset } : {},
        kind: body.kind,
      };
    }
    case "json":
      return { kind: "json", contentType, value: jsonTemplate(body.value, [], leaves, resolve) };
    case "html":
    case "text": {
      const leaf = leaves.find(({ place }) => place.kind === "text");
      const value = leaf === undefined ? xmlTemplate(body.text, leaves, resolve) : resolve(leaf);
      return { kind: "text", contentType, value };
    }
    default:
      return null;
  }
}

function jsonTemplate(
  value: JsonValue,
  path: JsonPath,
  leaves: readonly Leaf[],
  resolve: Resolve,
): JsonTemplate {
  const inner = (item: JsonValue, key: string | number) =>
    jsonTemplate(item, [...path, key], leaves, resolve);
  if (Array.isArray(value)) return { kind: "array", items: value.map(inner) };
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value) as [string, JsonValue][];
    return { kind: "object", entries: entries.map(([key, item]) => [key, inner(item, key)]) };
  }
  if (value === null || typeof value === "boolean") return { kind: "literal", value };
  const leaf = leaves.find(({ place }) => place.kind === "json" && isSamePath(place.path, path));
  const expr = leaf === undefined ? null : resolve(leaf);
  if (expr === null || isConstant(expr)) return { kind: "literal", value };
  return { kind: "expr", expr, as: typeof value === "number" ? "number" : "string" };
}

/** The text with each value written as text between tags, whatever the client wrote it as. */
function xmlTemplate(text: string, leaves: readonly Leaf[], resolve: Resolve): Expr {
  const parts: (string | Expr)[] = [];
  let from = 0;
  for (const { path, start, end } of xmlLeaves(text)) {
    const leaf = leaves.find(({ place }) => place.kind === "xml" && place.path === path);
    const expr = leaf === undefined || leaf.value === "" ? null : resolve(leaf);
    if (expr === null || isConstant(expr)) continue;
    parts.push(text.slice(from, start), applied("xml-escape", expr));
    from = end;
  }
  return concat([...parts, text.slice(from)]);
}

function isSamePath(a: JsonPath, b: JsonPath): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}
