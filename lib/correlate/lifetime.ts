/** How long the credentials of a login live, as far as the recording tells. */
import type { Locator } from "../codec/locators.ts";
import { lifetimeEndMs } from "../http/cookie_jar.ts";
import { headerValue } from "../http/headers.ts";
import { decodeJwt } from "../http/jwt.ts";
import { ofExtraction } from "./expr.ts";
import type { Expr, ResultTemplate } from "./flow.ts";
import type { KnownValues } from "./known_values.ts";
import type { JsonPath } from "./leaves.ts";
import type { Message, Recording } from "./recording.ts";

/** OAuth's `expires_in` (RFC 6749 section 5.1) and its spellings; seconds. */
const LIFETIME_KEYS = /^(expires_?in|expiresInSec(onds)?|expiry_?in|ttl|max_?age|lifetime)$/i;
/** A lifetime over this is not a lifetime in seconds but a moment. Ten years, in seconds. */
const MAX_LIFETIME_SEC = 315_360_000;

/** The moment a token ends, as answers tell it instead; ISO 8601, or seconds or milliseconds since the epoch. */
const END_KEYS = /^(expires|expiry|expires_?(at|on)|expir(y|ation)_?(date|time|at)|valid_?until)$/i;

/** Objects inside objects that are searched for what an answer tells of a token in its headers. */
const MAX_DEPTH = 2;

/**
 * The lifetime of a token taken from an answer: a field beside it, the token's own `exp`, or a moment
 * beside it, from which the lifetime at the time of the recording follows.
 * @rule off: null
 */
export function tokenLifetime(
  token: Expr,
  recorded: string,
  message: Message,
  path: JsonPath | null,
  known: KnownValues,
): ResultTemplate["expiresIn"] {
  const told = fieldsAround(message, path);
  const field = lifetimeField(told, path);
  if (field !== undefined) {
    const place = { index: message.index, locator: field.locator, openers: [] };
    const extraction = known.extraction(place, field.text, "expires in");
    return { kind: "expr", expr: ofExtraction(extraction) };
  }
  if (typeof decodeJwt(recorded)?.payload["exp"] === "number") return { kind: "jwt-exp", token };
  const seconds = secondsToEnd(told, answeredMs(message));
  return seconds === null ? null : { kind: "constant", seconds, told: "moment" };
}

/**
 * How many seconds from the answer on the token at `path` of its JSON lives, by a field beside it or by a moment;
 * `null` where the answer does not tell. `path`: `null` for a token in the headers.
 */
export function toldLifetime(
  message: Message,
  path: JsonPath | null,
): { readonly seconds: number; readonly told: "lifetime" | "moment" } | null {
  const told = fieldsAround(message, path);
  const field = lifetimeField(told, path);
  if (field !== undefined) return { seconds: Number(field.text), told: "lifetime" };
  const seconds = secondsToEnd(told, answeredMs(message));
  return seconds === null ? null : { seconds, told: "moment" };
}

function lifetimeField(told: readonly Told[], path: JsonPath | null): Told | undefined {
  if (path === null) return undefined;
  return told.find(({ key, text }) =>
    LIFETIME_KEYS.test(key) && Number(text) > 0 && Number(text) < MAX_LIFETIME_SEC
  );
}

interface Told {
  readonly key: string;
  readonly text: string;
  readonly locator: Locator & { readonly kind: "json" };
}

/**
 * What the answer says in the objects that the token stands in, the innermost first; where the token is not
 * in the body, in the outermost objects.
 */
function fieldsAround(message: Message, token: JsonPath | null): Told[] {
  const isAround = (path: JsonPath) =>
    token === null
      ? path.length <= MAX_DEPTH + 1
      : path.length <= token.length && path.slice(0, -1).every((key, at) => key === token[at]);
  const told = message.named("json").flatMap(({ locator, text }): Told[] =>
    locator.kind === "json" && isAround(locator.path)
      ? [{ key: String(locator.path.at(-1)), text, locator }]
      : []
  ).toArray();
  const sign = token === null ? 1 : -1;
  return told.sort((a, b) => sign * (a.locator.path.length - b.locator.path.length));
}

/** Whole seconds until the first moment that these fields give for an end. @rule off: null */
function secondsToEnd(told: readonly Told[], nowMs: number): number | null {
  for (const { key, text } of told) {
    const seconds = END_KEYS.test(key) ? Math.floor((momentMs(text) - nowMs) / 1000) : 0;
    if (seconds > 0 && seconds < MAX_LIFETIME_SEC) return seconds;
  }
  return null;
}

function momentMs(value: string): number {
  if (/^\d{4}-\d\d-\d\d[T ]/.test(value)) return Date.parse(value);
  const number = Number(value);
  return number > 1e11 ? number : number * 1000;
}

/** By the server's clock where it tells the time. */
function answeredMs({ trace }: Message): number {
  const date = Date.parse(headerValue(trace.response?.headers ?? [], "date") ?? "");
  return Number.isNaN(date) ? trace.startedAtMs : date;
}

/**
 * The shortest lifetime of the named cookies, in seconds; `null` when all last for the session.
 * @rule off: null
 */
export function cookieLifetime(recording: Recording, names: ReadonlySet<string>): number | null {
  let shortest: number | null = null;
  for (const message of recording.messages) {
    for (const cookie of message.setCookies) {
      if (!names.has(cookie.name) || cookie.value === "") continue;
      const nowMs = answeredMs(message);
      const seconds = Math.round((lifetimeEndMs(cookie, nowMs) - nowMs) / 1000);
      if (seconds > 0 && seconds < (shortest ?? Infinity)) shortest = seconds;
    }
  }
  return shortest;
}
