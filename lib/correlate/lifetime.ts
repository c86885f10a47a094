/** How long the credentials of a login live, as far as the recording tells. */
import { isRecord, type JsonValue } from "../base/json.ts";
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

/** The lifetime of a token taken from a JSON answer: a field beside it, or the token's own `exp`. */
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
  return typeof decodeJwt(recorded)?.payload["exp"] === "number"
    ? { kind: "jwt-exp", token }
    : null;
}

/** A number of seconds beside the token, or in an object around it. */
function lifetimeField(
  root: JsonValue,
  tokenPath: JsonPath,
): { path: JsonPath; value: number } | null {
  for (let depth = tokenPath.length - 1; depth >= 0; depth--) {
    const path = tokenPath.slice(0, depth);
    const node = path.reduce<unknown>(
      (value, key) => (value as Record<string | number, unknown> | undefined)?.[key],
      root,
    );
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

/** The shortest lifetime of the named cookies, in seconds; `null` when all last for the session. */
export function cookieLifetime(recording: Recording, names: ReadonlySet<string>): number | null {
  let shortest: number | null = null;
  for (const message of recording.messages) {
    for (const cookie of message.setCookies) {
      if (!names.has(cookie.name) || cookie.value === "") continue;
      const answeredMs = Date.parse(
        headerValue(message.trace.response?.headers ?? [], "date") ?? "",
      );
      const nowMs = Number.isNaN(answeredMs) ? message.trace.startedAtMs : answeredMs;
      const seconds = cookie.maxAgeSec ??
        (cookie.expiresMs === undefined ? null : Math.round((cookie.expiresMs - nowMs) / 1000));
      if (seconds !== null && seconds > 0 && (shortest === null || seconds < shortest)) {
        shortest = seconds;
      }
    }
  }
  return shortest;
}
