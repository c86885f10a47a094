/** The values that a request carries, each with its place, as a mismatch names the place. */
import { type Leaf, requestLeaves } from "../codec/request_leaves.ts";
import { bodyText } from "../http/body.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { segmentParameters } from "../http/url.ts";
import { inlineValues, jsonMembers } from "./inline_values.ts";

export interface RequestValue {
  readonly kind: "path" | "query" | "header" | "cookie" | "body";
  /** Parameter, header, cookie or member name; `""` for a path segment and a body that is one text. */
  readonly name: string;
  /** As a mismatch says it: `query parameter "state"`. Two values of one place have the same. */
  readonly where: string;
  readonly value: string;
  /** True for a text whose values are listed beside it: XML, GraphQL. */
  readonly isComposite?: true;
  /** The `where` of the field whose JSON holds the value. */
  readonly memberOf?: string;
  /** True for a text of JSON, whatever it says: `"true"`. */
  readonly isText?: true;
}

/** One place of two requests has one key: names of headers are case-insensitive (RFC 9110 section 5.1). */
export function placeKey({ kind, where }: Pick<RequestValue, "kind" | "where">): string {
  return kind === "header" ? where.toLowerCase() : where;
}

const known = new WeakMap<HttpRequest, readonly RequestValue[]>();

export function requestValues(request: HttpRequest): readonly RequestValue[] {
  const values = known.get(request) ?? valuesIn(request);
  known.set(request, values);
  return values;
}

function valuesIn(request: HttpRequest): RequestValue[] {
  const leaves = joinedHeaders(requestLeaves(request));
  const values = leaves.flatMap(valuesAt);
  return leaves.at(-1)?.place.kind === "xml"
    ? [...values, ...textValues("", "body", bodyText(request.headers, request.body!))]
    : values;
}

/** Fields of one name are one value (RFC 9110 section 5.3). */
function joinedHeaders(leaves: readonly Leaf[]): Leaf[] {
  const alike = Map.groupBy(
    leaves.entries(),
    ([index, { place }]) => place.kind === "header" ? place.name.toLowerCase() : index,
  );
  return [...alike.values()].map((group) => {
    const [[, first]] = group as [[number, Leaf]];
    return group.length === 1
      ? first
      : { ...first, value: group.map(([, { value }]) => value).join(", ") };
  });
}

function valuesAt({ place, name, value, isLiteral }: Leaf): RequestValue[] {
  switch (place.kind) {
    case "path":
      return segmentValues(value, `path segment ${place.index + 1}`);
    case "header":
      return [valueAt("header", place.name, utf8(value))];
    case "query":
    case "cookie":
      return [valueAt(place.kind, place.name, value)];
    case "form":
    case "multipart":
      return fieldValues(place.name, value);
    case "json": {
      const where = place.path.length === 0 ? "body" : `body field "${place.path.join(".")}"`;
      const values = textValues(name, where, value);
      return isLiteral ? values : values.map((one) => ({ ...one, isText: true }));
    }
    case "xml":
      return [];
    case "text":
      return textValues(name, "body", value);
  }
}

/** A segment of a path, and its parameters by their names. */
function segmentValues(segment: string, where: string): RequestValue[] {
  const parameters = segmentParameters(segment).map(({ name, value }) =>
    ({ kind: "query", name, value, where: `${where} parameter "${name}"` }) as const
  );
  const value = parameters.length === 0 ? segment : segment.slice(0, segment.indexOf(";"));
  return [{ kind: "path", name: "", value, where }, ...parameters];
}

const LABELS = {
  query: "query parameter",
  header: "header",
  cookie: "cookie",
  body: "body field",
} as const;

function valueAt(kind: keyof typeof LABELS, name: string, value: string): RequestValue {
  return { kind, name, value, where: `${LABELS[kind]} "${name}"` };
}

/** A field, and what it says where it holds JSON: `args` and `args.user`. */
function fieldValues(field: string, value: string): RequestValue[] {
  const whole = valueAt("body", field, value);
  const members = jsonMembers(value).map(({ name, path, value }) => ({
    ...valueAt("body", `${field}.${path}`, value),
    name,
    memberOf: whole.where,
  }));
  return members.length === 0 ? [whole] : [{ ...whole, isComposite: true }, ...members];
}

function textValues(name: string, where: string, value: string): RequestValue[] {
  const inline = inlineValues(value).map(({ path, ...one }) => ({
    ...valueAt("body", path, one.value),
    name: one.name,
  }));
  const text = { kind: "body", name, where, value } as const;
  return inline.length === 0 ? [text] : [{ ...text, isComposite: true }, ...inline];
}

/** Header bytes arrive as Latin-1; clients that send UTF-8 mean UTF-8. */
function utf8(value: string): string {
  if (!/[\x80-\xff]/.test(value) || /[^\0-\xff]/.test(value)) return value;
  try {
    const bytes = Uint8Array.from(value, (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return value;
  }
}
