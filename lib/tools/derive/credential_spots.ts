/** The places in requests where an app's credentials stand. */
import type { ResultTemplate } from "../../correlate/flow.ts";
import { bareCredential, isNoCredential } from "../../http/auth_scheme.ts";
import { isOwnHeader } from "../../http/ordinary_traffic.ts";
import { isCredentialName, isCredentialParameter } from "../../http/vocabulary.ts";
import { isRecord, type JsonValue } from "../../base/json.ts";
import { formFieldsOf, parseBody } from "../../http/body.ts";
import { parseCookieHeader, requestCookies } from "../../http/cookies.ts";
import type { HttpRequest } from "../../http/exchange.ts";
import { headerValues } from "../../http/headers.ts";
import { parseUrl, queryPairs } from "../../http/url.ts";
import { isXml, xmlValue } from "../../http/xml.ts";
import { mayAuthenticate } from "../../token/credential.ts";
import type { TokenState } from "../../token/token_state.ts";

export interface CredentialSpots {
  /** Lower case, without `cookie`. */
  readonly headers: readonly string[];
  readonly cookies: readonly string[];
  readonly query: readonly string[];
  /** Names, dotted paths into JSON, or paths into XML. */
  readonly body: readonly string[];
}

export const NO_SPOTS: CredentialSpots = { headers: [], cookies: [], query: [], body: [] };

export function spotsOfResult(result: ResultTemplate): CredentialSpots {
  const headers = result.headers.map(([name]) => name.toLowerCase());
  if (result.computed.length > 0) headers.push("authorization");
  return {
    headers: headers.filter((name) => name !== "cookie" && mayAuthenticate(name)),
    cookies: result.cookies?.names ?? [],
    query: result.queryParams.map(([name]) => name),
    body: result.bodyParams.map(([path]) => path),
  };
}

export function spotsOfToken(token: TokenState): CredentialSpots {
  const headers = Object.keys(token.headers).map((name) => name.toLowerCase());
  const cookies = Object.entries(token.headers).filter(([name]) => name.toLowerCase() === "cookie")
    .flatMap(([, value]) => parseCookieHeader(value).map(([name]) => name));
  if (token.computed.length > 0) headers.push("authorization");
  return {
    headers: headers.filter((name) => name !== "cookie" && mayAuthenticate(name)),
    cookies,
    query: Object.keys(token.query_params),
    body: Object.keys(token.body_params),
  };
}

/** Where credentials stand by their names, for requests of which nothing else is known. */
export function assumedSpots(requests: readonly HttpRequest[]): CredentialSpots {
  const headers = requests.flatMap((request) => request.headers.map(([name]) => name.toLowerCase()))
    .filter((name) => name === "authorization" || (isOwnHeader(name) && isCredentialName(name)));
  const cookies = requests.flatMap((request) => requestCookies(request.headers))
    .map(([name]) => name).filter((name) => isCredentialName(name) || /sess/i.test(name));
  const query = requests.flatMap((request) => {
    const url = parseUrl(request.url);
    return url === null ? [] : queryPairs(url).map(([name]) => name);
  }).filter((name) => isCredentialParameter(name));
  return {
    headers: unique(headers),
    cookies: unique(cookies),
    query: unique(query),
    body: [],
  };
}

export function mergeSpots(...all: readonly CredentialSpots[]): CredentialSpots {
  return {
    headers: unique(all.flatMap((spots) => spots.headers)),
    cookies: unique(all.flatMap((spots) => spots.cookies)),
    query: unique(all.flatMap((spots) => spots.query)),
    body: unique(all.flatMap((spots) => spots.body)),
  };
}

/** The credentials a request carries. The values are secret. */
export interface CarriedCredentials {
  readonly query: readonly string[];
  readonly body: readonly string[];
  readonly values: readonly string[];
}

/** What of the spots is filled in a request; `Bearer null` and empty values are not. */
export function carriedCredentials(
  request: HttpRequest,
  spots: CredentialSpots,
): CarriedCredentials {
  const headers = spots.headers.flatMap((name) => headerValues(request.headers, name))
    .map(bareCredential);
  const cookies = requestCookies(request.headers)
    .filter(([name]) => spots.cookies.includes(name)).map(([, value]) => value);
  const url = parseUrl(request.url);
  const query = (url === null ? [] : queryPairs(url))
    .filter(([name, value]) => spots.query.includes(name) && isFilled(value));
  const body = spots.body.map((path) => [path, bodyValue(request, path)] as const)
    .filter(([, value]) => value !== undefined && isFilled(value));
  return {
    query: unique(query.map(([name]) => name)),
    body: body.map(([path]) => path),
    values: [
      ...headers,
      ...cookies,
      ...query.map(([, value]) => value),
      ...body.map(([, value]) => value!),
    ].filter(isFilled),
  };
}

function isFilled(value: string): boolean {
  return !isNoCredential(value);
}

function bodyValue(request: HttpRequest, path: string): string | undefined {
  const body = parseBody(request.headers, request.body);
  const field = formFieldsOf(body).find(([name]) => name === path)?.[1];
  if (field !== undefined) return field;
  if (body.kind === "text" && isXml(body.text)) return xmlValue(body.text, path);
  if (body.kind !== "json") return undefined;
  const first = Array.isArray(body.value) ? body.value[0] : body.value;
  const leaf = first === undefined ? undefined : leafAt(first, path);
  return typeof leaf === "string" ? leaf : leaf === undefined ? undefined : JSON.stringify(leaf);
}

/** The leaf under a key, or under keys and array indexes joined by dots. */
function leafAt(json: JsonValue, path: string): JsonValue | undefined {
  if (Array.isArray(json)) return /^\d+$/.test(path) ? json[Number(path)] : undefined;
  if (!isRecord(json)) return undefined;
  if (Object.hasOwn(json, path)) return json[path] as JsonValue;
  const dot = path.indexOf(".");
  if (dot < 0 || !Object.hasOwn(json, path.slice(0, dot))) return undefined;
  return leafAt(json[path.slice(0, dot)] as JsonValue, path.slice(dot + 1));
}

/**
 * A copy without the leaf under a key, or under keys and array indexes joined by dots. In an array `null`
 * keeps its place, so that those behind it keep theirs.
 */
export function withoutLeaf(json: JsonValue, path: string): JsonValue {
  if (Array.isArray(json)) {
    return json.map((item: JsonValue, at) => String(at) === path ? null : item);
  }
  if (!isRecord(json)) return json;
  const entries = Object.entries(json) as [string, JsonValue][];
  if (Object.hasOwn(json, path)) {
    return Object.fromEntries(entries.filter(([name]) => name !== path));
  }
  const dot = path.indexOf(".");
  if (dot < 0) return json as JsonValue;
  return Object.fromEntries(
    entries.map(([name, member]) =>
      name === path.slice(0, dot)
        ? [name, withoutLeaf(member, path.slice(dot + 1))]
        : [name, member]
    ),
  );
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
