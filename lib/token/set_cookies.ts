/**
 * Sliding sessions: what the `Set-Cookie` lines of an ordinary answer make of the stored `Cookie`
 * header. Pure; part of `renewals.ts`.
 */
import {
  cookieScope,
  endsCookie,
  formatCookies,
  isTooLarge,
  lifetimeEndMs,
  reachesHost,
} from "../http/cookie_jar.ts";
import {
  type CookiePair,
  parseCookieHeader,
  parseSetCookie,
  type SetCookie,
} from "../http/cookies.ts";
import { jwtExpiresAtSec } from "../http/jwt.ts";
import { parseUrl } from "../http/url.ts";
import { isAntiForgeryName } from "../http/vocabulary.ts";
import { credentialGap } from "./credential.ts";
import type { TokenState } from "./token_state.ts";

/** A `Set-Cookie` line of an answer to a request that carried the token. */
export interface ReceivedCookie {
  /** The URL that answered. */
  readonly url: string;
  readonly line: string;
}

/** An expiry that moves by less is not worth a write, in seconds. */
const MIN_EXTENSION_SEC = 30;

/**
 * `current` with the cookies received, or `null` when they change nothing. A cookie is replaced only if
 * `current` still holds the value that was `sent`: otherwise another answer was faster.
 *
 * Passed over: answers of other origins, tokens that use no cookies, cookies bound to another host, and
 * those that the token does not hold: a server that floods its answers would end every later call.
 * Answers that refuse the token are for the caller to leave out: a server
 * that logs us out hands out an anonymous session.
 */
export function applySetCookies(
  current: TokenState,
  sent: TokenState,
  received: readonly ReceivedCookie[],
  nowMs: number,
): TokenState | null {
  const name = cookieHeaderName(current);
  if (name === undefined || current.obtained_at !== sent.obtained_at) return null;
  const sentCookies = new Map(cookiesOf(sent));
  const before = new Map(parseCookieHeader(current.headers[name]!));
  const applied = received.filter(({ url }) => belongsTo(current, url))
    .flatMap((cookie) => applicable(cookie, before))
    .filter((cookie) => before.get(cookie.name) === sentCookies.get(cookie.name));
  const jar = new Map(before);
  for (const cookie of applied) {
    if (endsCookie(cookie, nowMs)) jar.delete(cookie.name);
    else if (fits(jar, cookie)) jar.set(cookie.name, cookie.value);
  }
  return changed(current, name, [...jar], extendedEnd(current, applied, nowMs));
}

function belongsTo(token: TokenState, url: string): boolean {
  const origin = parseUrl(url)?.origin;
  return origin !== undefined && token.origins.includes(origin);
}

function cookieHeaderName(token: TokenState): string | undefined {
  return Object.keys(token.headers).find((name) => name.toLowerCase() === "cookie");
}

function cookiesOf(token: TokenState): CookiePair[] {
  const name = cookieHeaderName(token);
  return name === undefined ? [] : parseCookieHeader(token.headers[name]!);
}

/** Of the `Cookie` header, in characters: servers refuse requests with longer ones (RFC 9110 section 5.4). */
const MAX_HEADER_LENGTH = 8 * 1024;

/** True unless the header would grow beyond what servers take. */
function fits(jar: ReadonlyMap<string, string>, { name, value }: SetCookie): boolean {
  const before = jar.get(name) ?? "";
  const length = formatCookies([...jar]).length + value.length - before.length;
  return value.length <= before.length || length <= MAX_HEADER_LENGTH;
}

/** The cookie, or nothing. */
function applicable({ url, line }: ReceivedCookie, held: Map<string, string>): SetCookie[] {
  const cookie = parseSetCookie(line);
  const setter = new URL(url);
  const scope = cookie === null ? null : cookieScope(cookie, setter);
  if (cookie === null || scope === null || !reachesHost(scope, setter.hostname)) return [];
  return held.has(cookie.name) && !isTooLarge(cookie) ? [cookie] : [];
}

function changed(
  current: TokenState,
  headerName: string,
  cookies: CookiePair[],
  expiresAt: number | null,
): TokenState | null {
  const before = parseCookieHeader(current.headers[headerName]!);
  const sameCookies = JSON.stringify(before) === JSON.stringify(cookies);
  if (sameCookies && expiresAt === current.expires_at) return null;
  const { [headerName]: _, ...others } = current.headers;
  if (cookies.length > 0) {
    const headers = { ...current.headers, [headerName]: formatCookies(cookies) };
    return { ...current, headers, expires_at: expiresAt };
  }
  // The server took the session away; a token that was this session alone is worth nothing now.
  if (credentialGap({ ...current, headers: others }) === null) {
    return { ...current, headers: others };
  }
  return current.stale ? null : { ...current, stale: true };
}

/**
 * The end of the session after cookies were set anew; only for tokens that are cookies and nothing
 * else. Anti-forgery cookies outlive the session and say nothing about it.
 */
function extendedEnd(
  current: TokenState,
  applied: readonly SetCookie[],
  nowMs: number,
): number | null {
  if (current.expires_at === null || Object.keys(current.headers).length > 1) {
    return current.expires_at;
  }
  const ends = applied.filter(({ name }) => !isAntiForgeryName(name))
    .map((cookie) => cookieEnd(cookie, nowMs)).filter((end) => end !== undefined);
  const end = Math.floor(Math.min(...ends));
  return ends.length > 0 && end - current.expires_at >= MIN_EXTENSION_SEC
    ? end
    : current.expires_at;
}

/** Seconds since the Unix epoch; `undefined` for a cookie that says nothing. */
function cookieEnd(cookie: SetCookie, nowMs: number): number | undefined {
  const lifetimeEnd = lifetimeEndMs(cookie, nowMs) / 1000;
  const end = Math.min(lifetimeEnd, jwtExpiresAtSec(cookie.value) ?? Infinity);
  return end === Infinity ? undefined : end;
}
