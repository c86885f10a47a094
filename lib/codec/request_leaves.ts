/** A request broken into leaves: every smallest value it carries, with the place it stands in. */
import { parseBody } from "../http/body.ts";
import { parseCookieHeader } from "../http/cookies.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { memberName } from "../http/member_name.ts";
import { isOwnHeader } from "../http/ordinary_traffic.ts";
import { parseUrl, pathSegments, queryPairs } from "../http/url.ts";
import { isXml, xmlLeaves, xmlName } from "../http/xml.ts";
import { type JsonPath, jsonValues } from "./json_text.ts";

/** Where in a request a leaf stands. */
export type Place =
  | { readonly kind: "path"; readonly index: number }
  | { readonly kind: NamedKind; readonly name: string }
  | { readonly kind: "json"; readonly path: JsonPath }
  /** As of `XmlLeaf`. */
  | { readonly kind: "xml"; readonly path: string }
  | { readonly kind: "text" };

type NamedKind = "query" | "header" | "cookie" | "form" | "multipart";

export interface Leaf {
  readonly place: Place;
  /** The field's own name: the last key of a path, `""` for path segments and text. */
  readonly name: string;
  readonly value: string;
  /** A number or a boolean of JSON, which nobody typed as text. */
  readonly isLiteral?: true;
  /** What a file holds, which nobody typed at all. */
  readonly isFile?: true;
}

/**
 * Every leaf of a request: path segments, query, headers, cookies, body fields. The headers that every client sends
 * by itself say nothing of who asks, and are most of what a browser sends: they have none.
 *
 * @param most leaves of each of these parts that are looked at
 */
export function requestLeaves(
  { url, headers, body }: HttpRequest,
  parsedUrl = parseUrl(url),
  most = Infinity,
): Leaf[] {
  const own: Leaf[] = [];
  const cookies: string[] = [];
  for (const [name, value] of headers) {
    if (isOwnHeader(name)) { if (own.length < most) own.push(leafAt("header", name, value)); }
    else if (name.length === 6 && name.toLowerCase() === "cookie") cookies.push(value);
  }
  return [
    ...parsedUrl === null ? [] : pathSegments(parsedUrl).slice(0, most)
      .map((value, index): Leaf => ({ place: { kind: "path", index }, name: "", value })),
    ...parsedUrl === null ? [] : queryPairs(parsedUrl).slice(0, most)
      .map(([name, value]) => leafAt("query", name, value)),
    ...own,
    ...cookies.length === 0 ? [] : cookieLeaves(cookies.join("; ")).slice(0, most),
    ...bodyLeaves(parseBody(headers, body), most),
  ];
}

function leafAt(kind: NamedKind, name: string, value: string, field = name): Leaf {
  return { place: { kind, name }, name: field, value };
}

/** A client sends the cookies of its last request again. */
let lastCookies = { header: "", leaves: [] as readonly Leaf[] };

function cookieLeaves(header: string): readonly Leaf[] {
  if (lastCookies.header !== header) {
    const leaves = parseCookieHeader(header).map(([name, value]) => leafAt("cookie", name, value));
    lastCookies = { header, leaves };
  }
  return lastCookies.leaves;
}

/** Binary bodies have none. */
function bodyLeaves(body: ReturnType<typeof parseBody>, most: number): Leaf[] {
  switch (body.kind) {
    case "form":
      return body.fields.slice(0, most)
        .map(([name, value]) => leafAt("form", name, value, lastKey(name)));
    case "multipart":
      return body.parts.slice(0, most).map(({ name, value, fileName }) => ({
        ...leafAt("multipart", name, value, lastKey(name)),
        ...fileName === undefined ? {} : { isFile: true as const },
      }));
    case "json":
      return jsonValues(body.value, { most }).map(([path, value]) => ({
        place: { kind: "json", path },
        name: memberName(path),
        value: String(value),
        ...typeof value === "string" ? {} : { isLiteral: true as const },
      }));
    case "html":
    case "text": {
      const leaves = isXml(body.text) ? xmlLeaves(body.text).slice(0, most) : [];
      if (leaves.length === 0) return [{ place: { kind: "text" }, name: "", value: body.text }];
      return leaves.map(({ path, value }) => ({
        place: { kind: "xml", path },
        name: xmlName(path),
        value,
      }));
    }
    default:
      return [];
  }
}

/**
 * `user[email]` and `user.email` are fields called `email`; so are `main$user$email` and `form:email`, as
 * component frameworks put the names of all containers before a field's own.
 */
function lastKey(name: string): string {
  const bare = name.replace(/\[\]$/, "").replace(/\]$/, "");
  return bare.split(/[.:$[\]]/).at(-1) || name;
}
