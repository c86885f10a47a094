/** How long the credentials of a login live, as far as the recording tells. */
import { isRecord, type JsonValue } from "../base/json.ts";
import { lifetimeEndMs } from "../http/cookie_jar.ts";
import { headerValue } from "../http/headers.ts";
import { decodeJwt } from "../http/jwt.ts";
import type { Expr, ResultTemplate } from "./flow.ts";
import type { KnownValues } from "./known_values.ts";
import type { JsonPath } from "./leaves.ts";
import type { Message, Recording } from "./recording.ts";

/** OAuth's `expires_in` (RFC 6749 section 5.1) and its spellings; seconds. */
const LIFETIME_KEYS = /^(expires_?in|expiresInSec(onds)?|expiry_?in|ttl|max_?age|lifetime)$/i;
/** A lifetime over this is no lifetime in seconds but a moment. Ten years, in seconds. */
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
  const body = message.responseBody;
  const field = path === null || body.kind !== "json" ? null : lifetimeField(body.value, path);
  if (field !== null) {
    const text = String(field.value);
    const extraction = known.extraction(
      { index: message.index, locator: { kind: "json", path: field.path }, openers: [] },
      text,
      "expires in",
    );
    return { kind: "expr", expr: { kind: "extracted", extraction: extraction.id } };
  }
  if (typeof decodeJwt(recorded)?.payload["exp"] === "number") return { kind: "jwt-exp", token };
  if (body.kind !== "json") return null;
  const around = path === null ? objectsIn(body.value) : objectsAround(body.value, path);
  const seconds = secondsToEnd(around, answeredMs(message));
  return seconds === null ? null : { kind: "constant", seconds, told: "moment" };
}

type Node = Readonly<Record<string, unknown>>;

/**
 * Whole seconds until the first moment that these objects give for an end.
 * @rule off: null
 */
function secondsToEnd(nodes: readonly Node[], nowMs: number): number | null {
  for (const [key, value] of nodes.flatMap((node) => Object.entries(node))) {
    if (!END_KEYS.test(key)) continue;
    const seconds = Math.floor((momentMs(value) - nowMs) / 1000);
    if (seconds > 0 && seconds < MAX_LIFETIME_SEC) return seconds;
  }
  return null;
}

function momentMs(value: unknown): number {
  if (typeof value === "string" && /^\d{4}-\d\d-\d\d[T ]/.test(value)) return Date.parse(value);
  const number = Number(value);
  return number > 1e11 ? number : number * 1000;
}

/** The object and those in it, the outer ones first. */
function objectsIn(value: JsonValue, depth = 0): Node[] {
  if (!isRecord(value)) return [];
  const inner = depth < MAX_DEPTH ? Object.values(value) as JsonValue[] : [];
  return [value, ...inner.flatMap((item) => objectsIn(item, depth + 1))];
}

/** The objects a value stands in, the innermost first. */
function objectsAround(root: JsonValue, path: JsonPath): Node[] {
  return path.map((_, depth) => nodeAt(root, path.slice(0, depth))).reverse().filter(isRecord);
}

function nodeAt(root: JsonValue, path: JsonPath): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<string | number, unknown> | undefined)?.[key],
    root,
  );
}

/** By the server's clock where it tells the time. */
function answeredMs({ trace }: Message): number {
  const date = Date.parse(headerValue(trace.response?.headers ?? [], "date") ?? "");
  return Number.isNaN(date) ? trace.startedAtMs : date;
}

/**
 * A number of seconds beside the token, or in an object around it.
 * @rule off: null
 */
function lifetimeField(
  root: JsonValue,
  tokenPath: JsonPath,
): { path: JsonPath; value: number } | null {
  for (let depth = tokenPath.length - 1; depth >= 0; depth--) {
    const path = tokenPath.slice(0, depth);
    const node = nodeAt(root, path);
    if (!isRecord(node)) continue;
    for (const [key, value] of Object.entries(node)) {
      const seconds = Number(value);
      if (LIFETIME_KEYS.test(key) && seconds > 0 && seconds < MAX_LIFETIME_SEC) {
        return { path: [...path, key], value: seconds };
      }
    }
  }
  return null;
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
