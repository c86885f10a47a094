/** A recorded request of the app as an invented person sends it, with what the login yielded for them. */
import { rewriteJsonLeaves } from "../codec/json_text.ts";
import type { ResultTemplate } from "../correlate/flow.ts";
import { bodyText, parseBody } from "../http/body.ts";
import { parseChallenges } from "../http/challenge.ts";
import { requestCookies } from "../http/cookies.ts";
import { formatCookies } from "../http/cookie_jar.ts";
import type { HeaderList, HttpRequest, Trace } from "../http/exchange.ts";
import { digestAuthorization } from "../http/digest.ts";
import { isOwnHeader } from "../http/ordinary_traffic.ts";
import { parseUrl, pathSegments, queryPairs } from "../http/url.ts";
import type { RunResult } from "../judge/run.ts";
import type { InventedTexts } from "./invented_texts.ts";
import type { TimeShift } from "./times.ts";

/** Headers that say which client asks, and for what. Lower case. */
const CLIENT_HEADER =
  /^(accept|content-type|x-requested-with|user-agent|depth|origin|sec-fetch-[a-z]+|upgrade-insecure-requests)$/;

/** Words and names of things: what a query asks for, unless somebody wrote a sentence. */
const WORD = /^[\w.:-]{0,40}$/;

export interface RequestToInvent {
  readonly trace: Trace;
  readonly template: ResultTemplate;
  /** What the script yielded; its values stand where the recorded ones stood. */
  readonly result: RunResult;
  readonly texts: InventedTexts;
  readonly nowMs: number;
}

export function inventedRequest(given: RequestToInvent): HttpRequest {
  const { trace: { request, startedAtMs }, nowMs } = given;
  const shift = { recordedAtMs: startedAtMs, nowMs };
  return {
    method: request.method,
    url: inventedUrl(request.url, given, shift),
    headers: inventedHeaders(given, shift),
    body: inventedBody(given, shift),
  };
}

function inventedUrl(
  recorded: string,
  { texts, template }: Pick<RequestToInvent, "texts" | "template">,
  shift: TimeShift,
): string {
  const url = parseUrl(recorded);
  if (url === null) return recorded;
  const path = pathSegments(url)
    .map((segment) => encodeURIComponent(texts.ofAddress(segment, shift))).join("/");
  const credentials = new Set(template.queryParams.map(([name]) => name));
  const query = queryPairs(url).filter(([name, value]) => credentials.has(name) || WORD.test(value))
    .map(([name, value]) => {
      const fresh = credentials.has(name) ? texts.of(value, shift) : texts.ofAddress(value, shift);
      return `${encodeURIComponent(name)}=${encodeURIComponent(fresh)}`;
    });
  return `${url.origin}/${path}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}

function inventedHeaders(given: RequestToInvent, shift: TimeShift): HeaderList {
  const { trace: { request }, result, texts } = given;
  const yielded = new Map(
    Object.entries(result.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const headers = request.headers.flatMap(([name, value]): HeaderList => {
    const lower = name.toLowerCase();
    if (lower === "cookie") return [];
    const own = yielded.get(lower);
    if (own !== undefined) return [[name, own]];
    if (lower === "authorization" && /^digest\s/i.test(value)) {
      return digest(name, value, given, shift);
    }
    if (CLIENT_HEADER.test(lower)) return [[name, value]];
    return isOwnHeader(lower) && lower !== "authorization"
      ? [[name, texts.ofAddress(value, shift)]]
      : [];
  });
  const cookies = cookiesOf(request.headers, yielded.get("cookie") ?? "", given, shift);
  return cookies === "" ? headers : [...headers, ["cookie", cookies]];
}

/** HTTP Digest is computed for each request: here with the name and password of the invented person. */
function digest(
  name: string,
  recorded: string,
  given: RequestToInvent,
  shift: TimeShift,
): HeaderList {
  const { trace: { request }, result: { computed: [username, password] }, texts } = given;
  const [challenge] = parseChallenges(recorded);
  if (username === undefined || password === undefined || challenge === undefined) return [];
  const { realm = "", cnonce = "", nc = "1", algorithm, qop, ...params } = challenge.params;
  const made = ["nonce", "opaque"].flatMap((key) =>
    params[key] === undefined ? [] : [[key, texts.of(params[key], shift)] as const]
  );
  const stated = Object.entries({ realm, algorithm, qop })
    .flatMap(([key, text]) => text === undefined ? [] : [[key, text] as const]);
  const { pathname, search } = new URL(inventedUrl(request.url, given, shift));
  const value = digestAuthorization(
    { ...challenge, params: Object.fromEntries([...stated, ...made]) },
    {
      username,
      password,
      method: request.method,
      uri: pathname + search,
      nc: parseInt(nc, 16),
      cnonce: texts.of(cnonce, shift),
      body: request.body,
    },
  );
  return [[name, value]];
}

/** Of the recorded cookies those that the login yields, or that the client writes beside them. */
function cookiesOf(
  recorded: HeaderList,
  yielded: string,
  { template, texts }: RequestToInvent,
  shift: TimeShift,
): string {
  const own = requestCookies([["cookie", yielded]]);
  const names = new Set([...own.map(([name]) => name), ...template.cookies?.names ?? []]);
  const pairs = requestCookies(recorded)
    .map(([name, value]) => [texts.within(name, "text", shift), value] as const)
    .filter(([name]) => names.has(name))
    .map(([name, value]) =>
      [name, own.find(([other]) => other === name)?.[1] ?? texts.of(value, shift)] as const
    );
  return formatCookies(pairs.map(([name, value]) => [name, texts.replaced(value)]));
}

function inventedBody(
  { trace: { request }, texts }: RequestToInvent,
  shift: TimeShift,
): Uint8Array | null {
  if (request.body === null) return null;
  const parsed = parseBody(request.headers, request.body);
  const text = bodyText(request.headers, request.body);
  const written = parsed.kind === "json"
    ? rewriteJsonLeaves(text, (_, value) => leafOf(value, texts, shift)) ?? ""
    : parsed.kind === "form"
    ? String(
      new URLSearchParams(parsed.fields.map(([name, value]) => [name, texts.of(value, shift)])),
    )
    : parsed.kind === "binary"
    ? ""
    : texts.within(text, "text", shift);
  return new TextEncoder().encode(written);
}

/** A GraphQL document without texts in it. */
const QUERY_DOCUMENT = /^\s*(?:query|mutation|subscription|\{)[^"]*$/;

function leafOf(value: string | number | boolean | null, texts: InventedTexts, shift: TimeShift) {
  if (typeof value === "boolean" || value === null) return undefined;
  const text = String(value);
  if (QUERY_DOCUMENT.test(text)) return undefined;
  const other = WORD.test(text) ? texts.ofAddress(text, shift) : texts.of(text, shift);
  return typeof value === "string" ? other : { raw: other };
}
