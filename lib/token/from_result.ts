/** From what a script returned to what is stored. */
import type { JsonValue } from "../base/json.ts";
import { bareCredential } from "../http/auth_scheme.ts";
import { formatCookies } from "../http/cookie_jar.ts";
import { type CookiePair, parseCookieHeader } from "../http/cookies.ts";
import { jwtExpiresAtSec } from "../http/jwt.ts";
import { percentDecode } from "../http/url.ts";
import type { AuthResult } from "../script/contract.ts";
import { withEqualValues } from "./equal_values.ts";
import type { TokenState } from "./token_state.ts";

export interface ResultContext {
  readonly nowMs: number;
  /** Origins the credentials may be sent to. */
  readonly origins: readonly string[];
  /**
   * The token that was refreshed: what the answer leaves out stays as it was, the refresh token first
   * of all (RFC 6749 section 6). Not given for a login.
   */
  readonly previous?: TokenState;
}

export function tokenFromResult(result: AuthResult, context: ResultContext): TokenState {
  const { previous, nowMs } = context;
  const merged = {
    headers: mergeHeaders(previous?.headers ?? {}, headersOf(result, previous)),
    body_params: result.body_params ?? previous?.body_params ?? {},
    query_params: result.query_params ?? previous?.query_params ?? {},
  };
  const carried = previous === undefined ? merged : withEqualValues(previous, merged);
  return {
    ...carried,
    computed: result.computed ?? previous?.computed ?? [],
    refresh_token: result.refresh_token || (previous?.refresh_token ?? null),
    // A JWT that is over when it arrives comes from a wrong clock: its end would be of no use.
    expires_at: lifetimeEnd(result.expires_in, nowMs) ?? jwtEnd(carried, nowMs),
    obtained_at: nowMs / 1000,
    origins: context.origins,
    stale: false,
  };
}

/**
 * The headers of a result, without the cookies that the refresh alone needed: the jar of its script holds the
 * refresh token beside what the answer put in its place, whatever the paths they are bound to.
 */
function headersOf(
  { headers, refresh_token }: AuthResult,
  previous: TokenState | undefined,
): Readonly<Record<string, string>> {
  const spent = previous?.refresh_token ?? null;
  if (previous === undefined || spent === null) return headers;
  const isEither = (held: string) => isValue(held, spent) || isValue(held, refresh_token || spent);
  const names = new Set(cookiesIn(previous.headers).map(([name]) => name));
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      if (name.toLowerCase() !== "cookie") return [[name, value]];
      const all = parseCookieHeader(value);
      const isLeftOver = ([name, held]: CookiePair) =>
        isEither(held) && !names.has(name) ||
        isValue(held, spent) && all.some((other) => other[0] === name && other[1] !== held);
      const kept = all.filter((cookie) => !isLeftOver(cookie));
      return kept.length === 0 ? [] : [[name, formatCookies(kept)]];
    }),
  );
}

function isValue(held: string, token: string): boolean {
  return held === token || percentDecode(held) === token;
}

function cookiesIn(headers: Readonly<Record<string, string>>): CookiePair[] {
  return Object.entries(headers).filter(([name]) => name.toLowerCase() === "cookie")
    .flatMap(([, value]) => parseCookieHeader(value));
}

/** Names are compared without case, cookies by their own name. */
function mergeHeaders(
  old: Readonly<Record<string, string>>,
  fresh: Readonly<Record<string, string>>,
): Record<string, string> {
  const replaced = new Set(Object.keys(fresh).map((name) => name.toLowerCase()));
  const kept = Object.entries(old).filter(([name]) => !replaced.has(name.toLowerCase()));
  const oldCookies = Object.entries(old).find(([name]) => name.toLowerCase() === "cookie")?.[1];
  const merged = Object.entries(fresh).map(([name, value]) => [
    name,
    name.toLowerCase() === "cookie" && oldCookies !== undefined
      ? formatCookies(mergeCookies(parseCookieHeader(oldCookies), parseCookieHeader(value)))
      : value,
  ]);
  return Object.fromEntries([...kept, ...merged]);
}

function mergeCookies(old: CookiePair[], fresh: CookiePair[]): CookiePair[] {
  const replaced = new Set(fresh.map(([name]) => name));
  return [...old.filter(([name]) => !replaced.has(name)), ...fresh];
}

/** The last second a `Date` knows (ECMA-262, "Time Values and Time Range"). */
const LAST_SEC = 8_640_000_000_000;

/**
 * A lifetime of zero or less says nothing, nor does one that ends after the last date: some providers send
 * them for "does not expire".
 */
function lifetimeEnd(expiresInSec: number | undefined, nowMs: number): number | null {
  if (expiresInSec === undefined || !(expiresInSec > 0)) return null;
  const end = Math.floor(nowMs / 1000 + expiresInSec);
  return end > LAST_SEC ? null : end;
}

type Carried = Pick<TokenState, "headers" | "query_params" | "body_params">;

/**
 * The earliest `exp` of the JWTs sent that is later than `afterMs`, in seconds. Cookies come last: they
 * often hold tokens for other purposes.
 */
export function jwtEnd(carried: Carried, afterMs: number): number | null {
  const headers = Object.entries(carried.headers);
  const direct = headers.filter(([name]) => name.toLowerCase() !== "cookie")
    .map(([, value]) => bareCredential(value));
  const params = [...Object.values(carried.query_params), ...Object.values(carried.body_params)];
  const cookies = cookiesIn(carried.headers).map(([, cookie]) => cookie);
  return earliestExp([...direct, ...params], afterMs) ?? earliestExp(cookies, afterMs);
}

function earliestExp(values: readonly JsonValue[], afterMs: number): number | null {
  const ends = values.filter((value) => typeof value === "string").map(jwtExpiresAtSec)
    .filter((end) => end !== undefined).filter((end) => end * 1000 > afterMs);
  return ends.length === 0 ? null : Math.floor(Math.min(...ends));
}
