/** What a login yields; kept in `token.json` or the keychain of the system. */
import { bareCredential } from "../http/auth_scheme.ts";
import { type CookiePair, parseCookieHeader } from "../http/cookies.ts";
import { percentDecode } from "../http/url.ts";
import { isAntiForgeryName, isCredentialName, isRefreshName } from "../http/vocabulary.ts";
import type { JsonValue } from "../base/json.ts";
import type { ComputedCredential } from "../http/computed_credential.ts";

export interface TokenState {
  /** Headers to inject, cookies as one `Cookie` header. */
  readonly headers: Readonly<Record<string, string>>;
  /** Values for the body: a name, or a dotted path into JSON (`params.sessionid`, `variables.token`). */
  readonly body_params: Readonly<Record<string, JsonValue>>;
  readonly query_params: Readonly<Record<string, string>>;
  readonly computed: readonly ComputedCredential[];
  readonly refresh_token: string | null;
  /** Seconds since the Unix epoch; `null` when unknown. */
  readonly expires_at: number | null;
  /**
   * Seconds since the Unix epoch, with milliseconds as the fraction. It names the login or refresh: an
   * update by `Set-Cookie` and a mark of staleness keep it.
   */
  readonly obtained_at: number;
  /** Origins (`https://api.example.com`) the credentials may be sent to. */
  readonly origins: readonly string[];
  /** Set when a server rejected the credentials before they expired: refreshed or replaced next. */
  readonly stale: boolean;
}

/** A token this close to its end is refreshed before it is used, in seconds. */
const EXPIRY_SKEW_SEC = 30;

/**
 * How many seconds before its end a token is renewed: 30, but of one that lives for less than a minute half of
 * its life, so that it is used at all.
 */
export function expirySkewSec(
  { expires_at, obtained_at }: Pick<TokenState, "expires_at" | "obtained_at">,
): number {
  const lifetimeSec = expires_at === null ? Infinity : Math.max(0, expires_at - obtained_at);
  return Math.min(EXPIRY_SKEW_SEC, lifetimeSec / 2);
}

type Lifetime = Pick<TokenState, "expires_at" | "stale">;

/** True while the credentials have not expired and no server has rejected them. */
export function isAlive(token: Lifetime, nowMs: number): boolean {
  return secondsLeft(token, nowMs) > 0 && !token.stale;
}

/**
 * True while the token can be used as it is: alive, and for longer than the skew. One that renews itself
 * has to do so while it is good, so it is renewed in the second half of its life.
 */
export function isFresh(token: TokenState, nowMs: number): boolean {
  const left = secondsLeft(token, nowMs);
  const lifetime = (token.expires_at ?? 0) - token.obtained_at;
  const skew = renewsItself(token) ? lifetime / 2 : expirySkewSec(token);
  return left > skew && !token.stale;
}

/** True for a token that is exchanged for its successor: what authenticates is what renews. */
export function renewsItself(
  { headers, refresh_token }: Pick<TokenState, "headers" | "refresh_token">,
): boolean {
  if (refresh_token === null) return false;
  const entries = Object.entries(headers);
  return entries.some(([name, value]) =>
    name.toLowerCase() === "cookie"
      ? entries.length === 1 && isSession(parseCookieHeader(value), refresh_token)
      : bareCredential(value) === refresh_token
  );
}

/** A cookie that is the session itself: no other one is, and its name says nothing of a refresh. */
function isSession(cookies: readonly CookiePair[], value: string): boolean {
  const own = cookies.find(([, held]) => held === value || percentDecode(held) === value);
  if (own === undefined || isRefreshName(own[0])) return false;
  return cookies.every((cookie) =>
    cookie === own || !isCredentialName(cookie[0]) || isAntiForgeryName(cookie[0])
  );
}

function secondsLeft(token: Lifetime, nowMs: number): number {
  return token.expires_at === null ? Infinity : token.expires_at - nowMs / 1000;
}

/** True when both states authenticate in the same way and come from the same login or refresh. */
export function isSameToken(a: TokenState, b: TokenState): boolean {
  return credentialsText(a) === credentialsText(b);
}

function credentialsText(token: TokenState): string {
  const { headers, body_params, query_params, computed, refresh_token, obtained_at } = token;
  return JSON.stringify([
    sortedEntries(headers),
    sortedEntries(body_params),
    sortedEntries(query_params),
    // What a server hands out for the next proof makes no other token.
    computed.map((one) => sortedEntries({ ...one, nonces: undefined })),
    refresh_token,
    obtained_at,
  ]);
}

function sortedEntries(record: object): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
