/** A request broken into leaves: every smallest value it carries, with the place it stands in. */
import { isRecord, type JsonValue } from "../base/json.ts";
import { parseBody } from "../http/body.ts";
import { memberName } from "../http/member_name.ts";
import { parseCookieHeader } from "../http/cookies.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { isBystanderCookie, isOwnHeader } from "../http/ordinary_traffic.ts";
import { isCredentialName } from "../http/vocabulary.ts";
import { parseUrl, pathSegments, queryPairs } from "../http/url.ts";
import { isXml, xmlLeaves, xmlName } from "../http/xml.ts";

export type JsonPath = readonly (string | number)[];

/** Where in a request a leaf stands. `index` counts within the part, so that repeated names differ. */
export type Place =
  | { readonly kind: "path"; readonly index: number }
  | { readonly kind: "query"; readonly name: string; readonly index: number }
  | { readonly kind: "header"; readonly name: string }
  | { readonly kind: "cookie"; readonly name: string }
  | { readonly kind: "form"; readonly name: string; readonly index: number }
  | { readonly kind: "multipart"; readonly name: string; readonly index: number }
  | { readonly kind: "json"; readonly path: JsonPath }
  /** As of `XmlLeaf`. */
  | { readonly kind: "xml"; readonly path: string }
  | { readonly kind: "text" };

export interface Leaf {
  readonly place: Place;
  /** The field's own name: the last key of a path, `""` for path segments and text. */
  readonly name: string;
  readonly value: string;
  /** A number or a boolean of JSON, which nobody typed as text. */
  readonly isLiteral?: true;
}

/**
 * Leaves of a body beyond this many are not looked at: bulk data, no login. Nor are segments, parameters, headers
 * and cookies: servers take some hundred header fields (Apache 100), and browsers keep 180 cookies of a site.
 */
const MAX_LEAVES = 400;

/**
 * Every leaf of a request: path segments, query, headers, cookies, body fields. The headers that every client sends
 * by itself say nothing of who asks, and are most of what a browser sends: they have none.
 */
export function requestLeaves(request: HttpRequest, url = parseUrl(request.url)): Leaf[] {
  const [headers, cookies] = headerLeaves(request.headers);
  return [
    ...url === null ? [] : urlLeaves(url),
    ...headers,
    ...cookies,
    ...bodyLeaves(request),
  ];
}

/** The leaves of the client's own headers, and those of the cookies. */
function headerLeaves(headers: HttpRequest["headers"]): [Leaf[], readonly Leaf[]] {
  const leaves: Leaf[] = [];
  const cookies: string[] = [];
  for (const [name, value] of headers) {
    if (isOwnHeader(name)) {
      if (leaves.length < MAX_LEAVES) leaves.push({ place: { kind: "header", name }, name, value });
    } else if (name.length === 6 && name.toLowerCase() === "cookie") cookies.push(value);
  }
  return [leaves, cookies.length === 0 ? [] : cookieLeaves(cookies)];
}

/** A client sends the cookies of its last request again. */
let lastCookies: { readonly header: string; readonly leaves: readonly Leaf[] } | undefined;

function cookieLeaves(headers: readonly string[]): readonly Leaf[] {
  const header = headers.join("; ");
  if (lastCookies?.header === header) return lastCookies.leaves;
  const leaves = parseCookieHeader(header).slice(0, MAX_LEAVES)
    .map(([name, value]): Leaf => ({ place: { kind: "cookie", name }, name, value }));
  lastCookies = { header, leaves };
  return leaves;
}

function urlLeaves(url: URL): Leaf[] {
  return [
    ...pathSegments(url).slice(0, MAX_LEAVES).map((value, index): Leaf => ({
      place: { kind: "path", index },
      name: "",
      value,
    })),
    ...queryPairs(url).slice(0, MAX_LEAVES).map(([name, value], index): Leaf => ({
      place: { kind: "query", name, index },
      name,
      value,
    })),
  ];
}

/** The leaves of a request's body. Files and binary bodies have none. */
function bodyLeaves(request: HttpRequest): Leaf[] {
  const body = parseBody(request.headers, request.body);
  switch (body.kind) {
    case "form":
      return body.fields.slice(0, MAX_LEAVES).map(([name, value], index): Leaf => ({
        place: { kind: "form", name, index },
        name: lastKey(name),
        value,
      }));
    case "multipart":
      return body.parts.slice(0, MAX_LEAVES).filter((part) => part.fileName === undefined)
        .map((part, index): Leaf => ({
          place: { kind: "multipart", name: part.name, index },
          name: lastKey(part.name),
          value: part.value,
        }));
    case "json": {
      const leaves: Leaf[] = [];
      collectJsonLeaves(body.value, [], leaves);
      return leaves;
    }
    case "html":
    case "text": {
      const leaves = isXml(body.text) ? xmlLeaves(body.text).slice(0, MAX_LEAVES) : [];
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

/** @param path of the value; the same array for all */
function collectJsonLeaves(value: JsonValue, path: (string | number)[], into: Leaf[]): void {
  if (into.length >= MAX_LEAVES) return;
  const inside = (item: JsonValue, key: string | number) => {
    path.push(key);
    collectJsonLeaves(item, path, into);
    path.pop();
  };
  if (Array.isArray(value)) value.forEach(inside);
  else if (isRecord(value)) { for (const key in value) inside(value[key] as JsonValue, key); }
  else if (value !== null) {
    into.push({
      place: { kind: "json", path: [...path] },
      name: memberName(path),
      value: String(value),
      ...typeof value === "string" ? {} : { isLiteral: true as const },
    });
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

/** In the query or the body. */
export function isField(leaf: Leaf): boolean {
  return leaf.place.kind === "query" || isBodyField(leaf);
}

const BODY_KINDS: ReadonlySet<Place["kind"]> = new Set(["json", "xml", "form", "multipart"]);

export function isBodyField(leaf: Leaf): boolean {
  return BODY_KINDS.has(leaf.place.kind);
}

export function isFormLeaf({ place }: Leaf): boolean {
  return place.kind === "form" || place.kind === "multipart";
}

/** Where credentials stand: `Authorization`, headers of the app, cookies, fields that are called so. */
export function isCredentialPlace({ place, name }: Leaf): boolean {
  if (place.kind === "header") return true;
  if (place.kind === "cookie") return !isBystanderCookie(name);
  return place.kind !== "path" && place.kind !== "text" && isCredentialName(name);
}

/** The same for a value carried under the same name by several requests. */
export function fieldKey(leaf: Leaf): string {
  return `${fieldPath(leaf)}\0${leaf.value}`;
}

/** The key under which a token state keeps the value: a name, a dotted path into JSON, a path into XML. */
export function fieldPath(leaf: Leaf): string {
  switch (leaf.place.kind) {
    case "json":
      return leaf.place.path.join(".") || memberName(leaf.place.path);
    case "xml":
      return leaf.place.path;
    case "path":
    case "text":
      return leaf.name;
    default:
      return leaf.place.name;
  }
}

/** Where a leaf stands, for people: `query state`, `body password`, `cookie sid`, `header X-Token`. */
export function describePlace(place: Place): string {
  switch (place.kind) {
    case "path":
      return `path segment ${place.index + 1}`;
    case "json":
      return `body ${place.path.join(".")}`;
    case "xml":
      return `body ${place.path}`;
    case "form":
    case "multipart":
      return `body ${place.name}`;
    case "text":
      return "body";
    default:
      return `${place.kind} ${place.name}`;
  }
}
