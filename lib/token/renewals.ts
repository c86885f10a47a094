/**
 * Sliding sessions: what ordinary answers make of the stored token. `Set-Cookie` replaces cookies. A
 * header of an answer under the name of a credential's header replaces the credential: servers that bind
 * each request to the one before hand out their CSRF or access token so. Pure; `cascade.ts` writes the result.
 */
import { bareCredential, hasScheme, splitScheme } from "../http/auth_scheme.ts";
import { keyOf } from "../http/computed_credential.ts";
import type { HeaderList } from "../http/exchange.ts";
import { jwtExpiresAtSec } from "../http/jwt.ts";
import { parseUrl } from "../http/url.ts";
import { withEqualValues } from "./equal_values.ts";
import { applySetCookies } from "./set_cookies.ts";
import type { TokenState } from "./token_state.ts";

/** A header of an answer to a request that carried the token. */
export interface Renewal {
  /** The URL that answered. */
  readonly url: string;
  /** Lower case: `set-cookie`, `dpop-nonce`, or the name of a credential's header. */
  readonly name: string;
  readonly value: string;
}

/** What the next proof of the token's key has to hold (RFC 9449 section 8.2). */
export const NONCE = "dpop-nonce";

/** What an answer renews of credentials that were sent in these headers. */
export function renewalsIn(
  url: string,
  answered: HeaderList,
  sent: Readonly<Record<string, string>>,
): Renewal[] {
  const names = new Set([
    "set-cookie",
    NONCE,
    ...Object.keys(sent).map((name) => name.toLowerCase()),
  ]);
  return answered.map(([name, value]) => ({ url, name: name.toLowerCase(), value }))
    .filter(({ name }) => names.has(name) && name !== "cookie");
}

/**
 * `current` with what was received, or `null` when that changes nothing. A credential is replaced only
 * if `current` still holds the value that was `sent`: otherwise another answer was faster. Answers of
 * other origins are passed over; those that refuse the token are for the caller to leave out.
 */
export function applyRenewals(
  current: TokenState,
  sent: TokenState,
  received: readonly Renewal[],
  nowMs: number,
): TokenState | null {
  const cookies = received.filter(({ name }) => name === "set-cookie")
    .map(({ url, value }) => ({ url, line: value }));
  const withCookies = applySetCookies(current, sent, cookies, nowMs) ?? current;
  const renewed = received.filter((renewal) => isOpen(current, sent, renewal))
    .reduce(withHeader, withNonces(withCookies, sent, received));
  return renewed === current ? null : withEqualValues(current, renewed);
}

function withNonces(
  token: TokenState,
  sent: TokenState,
  received: readonly Renewal[],
): TokenState {
  const held = keyOf(token.computed);
  if (held === undefined || token.obtained_at !== sent.obtained_at) return token;
  const nonces = received.filter(({ name }) => name === NONCE)
    .map(({ url, value }) => [parseUrl(url)?.origin ?? "", value] as const)
    .filter(([origin, value]) => token.origins.includes(origin) && NONCE_VALUE.test(value));
  if (nonces.every(([origin, value]) => held.nonces?.[origin] === value)) return token;
  const renewed = { ...held, nonces: { ...held.nonces, ...Object.fromEntries(nonces) } };
  return { ...token, computed: token.computed.map((one) => one === held ? renewed : one) };
}

/** RFC 9449 section 8.1; the length is ours. */
const NONCE_VALUE = /^[\x21\x23-\x5b\x5d-\x7e]{1,1000}$/;

/** True for a header of the token's own origins that nothing has replaced since it was sent. */
function isOpen(current: TokenState, sent: TokenState, { url, name }: Renewal): boolean {
  const origin = parseUrl(url)?.origin;
  const held = heldName(current, name);
  return origin !== undefined && current.origins.includes(origin) && held !== undefined &&
    current.obtained_at === sent.obtained_at && current.headers[held] === sent.headers[held];
}

function heldName({ headers }: TokenState, name: string): string | undefined {
  return Object.keys(headers).find((held) => held.toLowerCase() === name && name !== "cookie");
}

function withHeader(token: TokenState, renewal: Renewal): TokenState {
  const name = heldName(token, renewal.name);
  if (name === undefined) return token;
  const value = renewedValue(token.headers[name]!, renewal.value);
  if (value === null || value === token.headers[name]) return token;
  const end = jwtExpiresAtSec(bareCredential(value));
  const headers = { ...token.headers, [name]: value };
  return { ...token, headers, expires_at: end ?? token.expires_at };
}

/** Characters of tokens; a credential shown back in part, with stars, has others. */
const TOKEN = /^[\w.~+/=:%-]+$/;

/** Of a renewed credential, in characters, unless it was longer before: servers refuse requests with longer headers. */
const MAX_VALUE_LENGTH = 8 * 1024;

/** With the scheme of the value it replaces; `null` for what is not a value of that kind. */
function renewedValue(held: string, received: string): string | null {
  const { scheme, prefix, credentials } = splitScheme(held);
  const bare = hasScheme(received, scheme) ? splitScheme(received).credentials : received;
  const isAlike = TOKEN.test(bare) && bare.length * 2 >= credentials.length &&
    bare.length <= Math.max(credentials.length, MAX_VALUE_LENGTH);
  return isAlike ? prefix + bare : null;
}
