/**
 * Header lists as recorders write them, brought to one form: HTTP/2 pseudo-headers gone, one entry per
 * `Set-Cookie`, one `Cookie` header, headers rebuilt from the cookie lists where a recorder left them out.
 */
import { headerValue } from "../http/headers.ts";
import { isHttpToken } from "../http/http_token.ts";
import type { HeaderList } from "../http/exchange.ts";
import type { HarObject } from "./har_fields.ts";

type Header = readonly [name: string, value: string];

export interface RequestHead {
  readonly headers: HeaderList;
  /** `:authority`, `:path`, `:scheme`, …, without the colon. */
  readonly pseudo: ReadonlyMap<string, string>;
}

/** The headers of a HAR request. */
export function readRequestHead(request: HarObject): RequestHead {
  const recorded = recordedHeaders(request);
  const pseudo = new Map<string, string>();
  const headers: Header[] = [];
  for (const [name, value] of recorded) {
    if (name.startsWith(":")) pseudo.set(name.slice(1).toLowerCase(), value);
    else if (isHttpToken(name)) headers.push([name, value]);
  }
  const authority = pseudo.get("authority");
  if (authority !== undefined && headerValue(headers, "host") === undefined) {
    headers.unshift(["host", authority]);
  }
  return { headers: withCookieHeader(joinCookies(headers), request), pseudo };
}

/** The headers of a HAR response. */
export function readResponseHeaders(response: HarObject): HeaderList {
  const headers = recordedHeaders(response).filter(([name]) => isHttpToken(name));
  return withLocation(withSetCookies(headers, response.objects("cookies")), response);
}

/** Recorders that keep headers in a dictionary join repeated ones with a newline, which no value holds. */
function recordedHeaders(message: HarObject): Header[] {
  return message.objects("headers").flatMap((header): Header[] => {
    const name = header.text("name");
    if (name === null) header.note("name");
    if (name === null) return [];
    const value = header.text("value") ?? "";
    if (!/[\r\n]/.test(value)) return [[name, value.trim()]];
    return value.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "")
      .map((line) => [name, line.trim()]);
  });
}

/** HTTP/2 may send a cookie per header line; RFC 9113 section 8.2.3 joins them with `"; "`. */
export function joinCookies(headers: readonly Header[]): Header[] {
  const crumbs = headers.filter(([name]) => isName(name, "cookie"));
  if (crumbs.length < 2) return [...headers];
  const joined: Header = [crumbs[0]![0], crumbs.map(([, value]) => value).join("; ")];
  return headers.flatMap((header) => {
    if (!isName(header[0], "cookie")) return [header];
    return header === crumbs[0] ? [joined] : [];
  });
}

function withCookieHeader(headers: Header[], request: HarObject): Header[] {
  if (headerValue(headers, "cookie") !== undefined) return headers;
  const pairs = request.objects("cookies").flatMap((cookie) => {
    const name = cookie.text("name");
    return name === null ? [] : [`${name}=${cookie.text("value") ?? ""}`];
  });
  return pairs.length === 0 ? headers : [...headers, ["Cookie", pairs.join("; ")]];
}

/** One entry per cookie, also where the recorder joined them or kept them in the cookie list alone. */
function withSetCookies(headers: Header[], cookies: readonly HarObject[]): Header[] {
  const lines = headers.filter(([name]) => isName(name, "set-cookie")).length;
  if (lines === 0) return [...headers, ...cookies.flatMap(setCookieFromRecord)];
  if (lines >= cookies.length) return headers;
  const names = new Set(cookies.map((cookie) => cookie.text("name") ?? ""));
  return headers.flatMap(([name, value]): Header[] =>
    isName(name, "set-cookie")
      ? splitSetCookie(value, names).map((line) => [name, line])
      : [[name, value]]
  );
}

/**
 * Safari joins repeated headers with a comma, which cookie values and dates may hold too. A comma is
 * taken for a border only where a new `name=` follows and the cookie list names that cookie.
 */
function splitSetCookie(line: string, names: ReadonlySet<string>): string[] {
  const lines: string[] = [];
  let start = 0;
  for (const border of line.matchAll(/,\s*(?=([^\s;,=]+)=)/g)) {
    if (!names.has(border[1]!)) continue;
    lines.push(line.slice(start, border.index));
    start = border.index + border[0].length;
  }
  return [...lines, line.slice(start)];
}

function setCookieFromRecord(cookie: HarObject): Header[] {
  const name = cookie.text("name");
  if (name === null) return [];
  const parts = [`${name}=${cookie.text("value") ?? ""}`];
  for (const attribute of ["path", "domain", "sameSite"]) {
    const value = cookie.text(attribute);
    if (value) parts.push(`${attribute[0]!.toUpperCase()}${attribute.slice(1)}=${value}`);
  }
  const expiresMs = Date.parse(cookie.text("expires") ?? "");
  if (!Number.isNaN(expiresMs)) parts.push(`Expires=${new Date(expiresMs).toUTCString()}`);
  if (cookie.flag("secure")) parts.push("Secure");
  if (cookie.flag("httpOnly")) parts.push("HttpOnly");
  return [["Set-Cookie", parts.join("; ")]];
}

/** Some recorders give the target of a redirect in `redirectURL` alone. */
function withLocation(headers: Header[], response: HarObject): Header[] {
  const status = response.number("status") ?? 0;
  const target = response.text("redirectURL");
  if (!target || status < 300 || status > 399) return headers;
  return headerValue(headers, "location") === undefined
    ? [...headers, ["Location", target]]
    : headers;
}

function isName(name: string, wanted: string): boolean {
  return name.toLowerCase() === wanted;
}
