/** The values that a request carries, each with its place, as a mismatch names the place. */
import type { JsonValue } from "../base/json.ts";
import { jsonValues } from "../codec/json_text.ts";
import { bodyText, parseBody } from "../http/body.ts";
import { requestCookies } from "../http/cookies.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { memberName } from "../http/member_name.ts";
import { isOwnHeader } from "../http/ordinary_traffic.ts";
import { inlineValues, jsonMembers } from "./inline_values.ts";
import { parseUrl, pathSegments, queryPairs } from "../http/url.ts";

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
  const url = parseUrl(request.url);
  return [
    ...url === null ? [] : pathValues(url),
    ...url === null ? [] : queryPairs(url).map(([name, value]) => valueAt("query", name, value)),
    ...headerValues(request),
    ...requestCookies(request.headers).map(([name, value]) => valueAt("cookie", name, value)),
    ...bodyValues(request),
  ];
}

/** Fields of one name are one value (RFC 9110 section 5.3). */
function headerValues({ headers }: HttpRequest): RequestValue[] {
  const own = headers.filter(([name]) => isOwnHeader(name) || /^authorization$/i.test(name));
  return Object.values(Object.groupBy(own, ([name]) => name.toLowerCase())).map((fields = []) =>
    valueAt("header", fields[0]![0], utf8(fields.map(([, value]) => value).join(", ")))
  );
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

function pathValues(url: URL): RequestValue[] {
  return pathSegments(url).map((value, index) => ({
    kind: "path",
    name: "",
    value,
    where: `path segment ${index + 1}`,
  }));
}

function bodyValues({ headers, body }: HttpRequest): RequestValue[] {
  const parsed = parseBody(headers, body);
  switch (parsed.kind) {
    case "form":
      return parsed.fields.flatMap(([name, value]) => fieldValues(name, value));
    case "multipart":
      return parsed.parts.flatMap(({ name, value }) => fieldValues(name, value));
    case "json":
      return memberValues(parsed.value);
    case "html":
    case "text":
      return textValues("", "body", bodyText(headers, body!));
    default:
      return [];
  }
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

function memberValues(body: JsonValue): RequestValue[] {
  return [...jsonValues(body)].flatMap(([path, value]) => {
    const where = path.length === 0 ? "body" : `body field "${path.join(".")}"`;
    const values = textValues(memberName(path), where, String(value));
    return typeof value === "string" ? values.map((one) => ({ ...one, isText: true })) : values;
  });
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
