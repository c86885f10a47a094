/** Credentials and the request that is to carry them: pure, applied anew for each hop. */
import { isRecord, type JsonValue, scalarText } from "../base/json.ts";
import { bareCredential, splitScheme } from "../http/auth_scheme.ts";
import { bodyText, parseGuardedJson } from "../http/body.ts";
import { isDigest } from "../http/computed_credential.ts";
import { type CookiePair, parseCookieHeader } from "../http/cookies.ts";
import type { HeaderList, HttpRequest, HttpResponse } from "../http/exchange.ts";
import { contentTypeParameter, headerValue, mediaType } from "../http/headers.ts";
import { isXml, putXmlValue } from "../http/xml.ts";
import type { TokenState } from "../token/token_state.ts";
import type { CredentialCopy, CredentialPlaces, CredentialSource } from "./credential_places.ts";
import { appendMultipartField } from "./multipart.ts";
import { replaceFormField, replaceQueryValue } from "./query_text.ts";

/** What authenticates a request. A `TokenState` is one. */
export interface Credentials
  extends Pick<TokenState, "headers" | "body_params" | "query_params" | "computed"> {
  /** Signs the request as it goes out, once per hop (AWS Signature Version 4 and the like). */
  readonly sign?: (request: HttpRequest) => Promise<HttpRequest>;
  /** The request once more, where its refusal hands out what the signature lacked (a nonce of DPoP). */
  readonly resign?: (request: HttpRequest, response: HttpResponse) => Promise<HttpRequest | null>;
  /** Presents a client certificate (mutual TLS). Closed by whoever made it. */
  readonly client?: Deno.HttpClient;
}

export const NO_CREDENTIALS: Credentials = {
  headers: {},
  body_params: {},
  query_params: {},
  computed: [],
};

/**
 * What of the token goes into one request: every header, and of the rest what the recorded request
 * carried in the same place.
 */
export function credentialsAt(token: TokenState, places: CredentialPlaces | null): Credentials {
  const { headers, computed, query_params, body_params } = token;
  if (places === null) return { headers, computed, query_params, body_params };
  return {
    headers,
    computed,
    query_params: {
      ...copiesOf(headers, places.copies ?? []),
      ...pick(query_params, places.query),
    },
    body_params: pick(body_params, places.body),
  };
}

function copiesOf(
  headers: TokenState["headers"],
  copies: readonly CredentialCopy[],
): Record<string, string> {
  return Object.fromEntries(copies.flatMap(({ query, from }) => {
    const value = valueAt(headers, from);
    return value === undefined ? [] : [[query, value]];
  }));
}

function valueAt(headers: TokenState["headers"], { kind, name }: CredentialSource) {
  const wanted = kind === "cookie" ? "cookie" : name;
  const held = Object.entries(headers).find(([header]) => header.toLowerCase() === wanted)?.[1];
  if (held === undefined || kind === "header") return held && bareCredential(held);
  return parseCookieHeader(held).find(([cookie]) => cookie === name)?.[1];
}

function pick<T>(record: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)));
}

export function hasCredentials(credentials: Credentials): boolean {
  return Object.keys(credentials.headers).length > 0 ||
    Object.keys(credentials.body_params).length > 0 ||
    Object.keys(credentials.query_params).length > 0 || credentials.computed.length > 0 ||
    credentials.sign !== undefined || credentials.client !== undefined;
}

/**
 * The request with headers, query and body values of the credentials in place. Where the request has
 * the same header, parameter or field, the credential wins; cookies are merged by name. A request
 * without a body gets none, and a body that is not JSON, form or XML stays as it is.
 */
export function withCredentials(request: HttpRequest, credentials: Credentials): HttpRequest {
  const body = withBodyParams(request, credentials.body_params);
  return {
    method: request.method,
    url: Object.entries(credentials.query_params).reduce(
      (url, [name, value]) => replaceQueryValue(url, name, value),
      request.url,
    ),
    headers: withHeaders(request.headers, credentials.headers),
    body,
  };
}

function withHeaders(
  headers: HeaderList,
  added: Readonly<Record<string, string>>,
): HeaderList {
  let result: HeaderList = headers;
  for (const [name, value] of Object.entries(added)) {
    result = name.toLowerCase() === "cookie"
      ? setHeader(result, name, mergeCookies(headerValue(result, "cookie") ?? "", value))
      : setHeader(result, name, value);
  }
  return result;
}

/** The list with one value for the header: the given one. */
export function setHeader(headers: HeaderList, name: string, value: string): HeaderList {
  const lower = name.toLowerCase();
  return [...headers.filter(([other]) => other.toLowerCase() !== lower), [name, value]];
}

/** A `Cookie` header of both; pairs of `later` replace those of `earlier` with the same name. */
export function mergeCookies(earlier: string, later: string): string {
  const pairs = new Map<string, CookiePair>();
  for (const pair of [...parseCookieHeader(earlier), ...parseCookieHeader(later)]) {
    pairs.set(pair[0], pair);
  }
  return [...pairs.values()].map(([name, value]) => name === "" ? value : `${name}=${value}`)
    .join("; ");
}

function withBodyParams(
  request: HttpRequest,
  params: Readonly<Record<string, JsonValue>>,
): Uint8Array | null {
  const { body, headers } = request;
  if (body === null || Object.keys(params).length === 0) return body;
  const type = mediaType(headers);
  if (type === "application/x-www-form-urlencoded") return withFormFields(body, params);
  if (type === "multipart/form-data") return withMultipartFields(headers, body, params);
  const text = bodyText(headers, body);
  if (isXml(text)) return withXmlValues(text, params);
  const value = parseGuardedJson(text);
  if (typeof value !== "object" || value === null) return body;
  const filled = Object.entries(params).reduce<JsonValue>(
    (json, [path, param]) => setAtPath(json, path, param),
    value,
  );
  return new TextEncoder().encode(JSON.stringify(filled));
}

/** Where the body has the element or attribute, empty or not: what else would stand around it nobody knows. */
function withXmlValues(text: string, params: Readonly<Record<string, JsonValue>>): Uint8Array {
  const filled = Object.entries(params).reduce(
    (xml, [path, value]) => putXmlValue(xml, path, scalarText(value)) ?? xml,
    text,
  );
  return new TextEncoder().encode(filled);
}

function withFormFields(body: Uint8Array, params: Readonly<Record<string, JsonValue>>): Uint8Array {
  const text = Object.entries(params).reduce(
    (form, [name, value]) => replaceFormField(form, name, scalarText(value)),
    new TextDecoder().decode(body),
  );
  return new TextEncoder().encode(text);
}

function withMultipartFields(
  headers: HeaderList,
  body: Uint8Array,
  params: Readonly<Record<string, JsonValue>>,
): Uint8Array {
  const boundary = contentTypeParameter(headers, "boundary");
  if (boundary === undefined) return body;
  return Object.entries(params).reduce(
    (bytes, [name, value]) => appendMultipartField(bytes, boundary, name, scalarText(value)),
    body,
  );
}

/**
 * A copy of a JSON value with a leaf set. The path is a key, or keys and array indexes joined by dots;
 * missing objects are made. In an array a key that is not an index goes into each element, as in a batch.
 */
export function setAtPath(json: JsonValue, path: string, leaf: JsonValue): JsonValue {
  if (Array.isArray(json)) return setInArray(json, path, leaf);
  const object = isRecord(json) ? json as { readonly [key: string]: JsonValue } : {};
  const dot = path.indexOf(".");
  if (dot < 0 || Object.hasOwn(object, path)) return { ...object, [path]: leaf };
  const key = path.slice(0, dot);
  const inner = Object.hasOwn(object, key) ? object[key]! : {};
  return { ...object, [key]: setAtPath(inner, path.slice(dot + 1), leaf) };
}

function setInArray(items: readonly JsonValue[], path: string, leaf: JsonValue): JsonValue {
  const [head = "", ...rest] = path.split(".");
  if (!/^\d+$/.test(head)) return items.map((item) => setAtPath(item, path, leaf));
  const index = Number(head);
  return items.map((item, at) => {
    if (at !== index) return item;
    return rest.length === 0 ? leaf : setAtPath(item, rest.join("."), leaf);
  });
}

/** Every text in the credentials that must not be seen: values, cookie values, and tokens behind a scheme prefix. */
export function secretTexts(credentials: Credentials): string[] {
  const texts: string[] = [];
  for (const [name, value] of Object.entries(credentials.headers)) {
    if (name.toLowerCase() === "cookie") {
      texts.push(...parseCookieHeader(value).map(([, cookie]) => cookie));
    } else texts.push(value, splitScheme(value).credentials, bareCredential(value));
  }
  texts.push(...Object.values(credentials.query_params));
  texts.push(...Object.values(credentials.body_params).map(scalarText));
  texts.push(...credentials.computed.filter(isDigest).map(({ password }) => password));
  return texts.filter((text) => text !== "");
}
