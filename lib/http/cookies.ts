/** Cookie and Set-Cookie lines as user agents read them (RFC 6265 sections 4.2 and 5.2). */
import type { HeaderList } from "./exchange.ts";
import { headerValues } from "./headers.ts";

export interface SetCookie {
  readonly name: string;
  /** As on the wire: not URL-decoded. */
  readonly value: string;
  readonly domain: string | undefined;
  readonly path: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly expiresMs: number | undefined;
  /** Seconds; zero or less deletes the cookie. */
  readonly maxAgeSec: number | undefined;
  readonly secure: boolean;
  readonly httpOnly: boolean;
}

export type CookiePair = readonly [name: string, value: string];

/** The pairs of a `Cookie` header, in order. A pair without `=` has an empty name, as browsers do. */
export function parseCookieHeader(header: string): CookiePair[] {
  const pairs: CookiePair[] = [];
  for (const part of header.split(";")) {
    const text = part.trim();
    if (text === "") continue;
    const equals = text.indexOf("=");
    pairs.push(
      equals < 0 ? ["", text] : [text.slice(0, equals).trim(), text.slice(equals + 1).trim()],
    );
  }
  return pairs;
}

/** All cookies a request carries, over every `Cookie` header (HTTP/2 may split them, RFC 9113 8.2.3). */
export function requestCookies(headers: HeaderList): CookiePair[] {
  return headerValues(headers, "cookie").flatMap(parseCookieHeader);
}

/** One `Set-Cookie` line; `null` when it has neither a name nor a value. */
export function parseSetCookie(line: string): SetCookie | null {
  const [pair = "", ...attributes] = line.split(";");
  const equals = pair.indexOf("=");
  const name = equals < 0 ? "" : pair.slice(0, equals).trim();
  const value = (equals < 0 ? pair : pair.slice(equals + 1)).trim();
  if (name === "" && value === "") return null;
  const found = new Map<string, string>();
  for (const attribute of attributes) {
    const at = attribute.indexOf("=");
    const key = (at < 0 ? attribute : attribute.slice(0, at)).trim().toLowerCase();
    found.set(key, at < 0 ? "" : attribute.slice(at + 1).trim());
  }
  const maxAge = found.get("max-age");
  const expires = Date.parse(found.get("expires") ?? "");
  return {
    name,
    value,
    domain: found.get("domain")?.replace(/^\./, "").toLowerCase() || undefined,
    path: found.get("path")?.startsWith("/") ? found.get("path") : undefined,
    expiresMs: Number.isNaN(expires) ? undefined : expires,
    maxAgeSec: maxAge !== undefined && /^-?\d+$/.test(maxAge) ? Number(maxAge) : undefined,
    secure: found.has("secure"),
    httpOnly: found.has("httponly"),
  };
}

/** Every cookie a response sets, in order. */
export function responseCookies(headers: HeaderList): SetCookie[] {
  return headerValues(headers, "set-cookie").map(parseSetCookie).filter((cookie) =>
    cookie !== null
  );
}

/** True when the line takes the cookie away: a lifetime that is over, or an empty value. */
export function deletesCookie(cookie: SetCookie, nowMs: number): boolean {
  if (cookie.maxAgeSec !== undefined) return cookie.maxAgeSec <= 0;
  if (cookie.expiresMs !== undefined && cookie.expiresMs <= nowMs) return true;
  return cookie.value === "" || cookie.value === '""';
}

/** True when a cookie set by `setterHost` is sent to `host` (RFC 6265 section 5.1.3). */
export function cookieReaches(cookie: SetCookie, setterHost: string, host: string): boolean {
  if (cookie.domain === undefined) return setterHost === host;
  return host === cookie.domain || host.endsWith(`.${cookie.domain}`);
}
