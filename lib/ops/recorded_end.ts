/** When credentials end by what a recording says: the answer that gave them out tells, as it does a login. */
import { toldLifetime } from "../correlate/lifetime.ts";
import type { JsonPath } from "../correlate/leaves.ts";
import { Message } from "../correlate/recording.ts";
import { bareCredential } from "../http/auth_scheme.ts";
import { parseCookieHeader } from "../http/cookies.ts";
import type { Trace } from "../http/exchange.ts";
import { isOpaque } from "../http/opaque.ts";
import { percentDecode } from "../http/url.ts";
import { isAntiForgeryName, isCredentialName } from "../http/vocabulary.ts";
import type { ToldEnd } from "../token/token_of_parts.ts";
import type { TokenParts } from "../token/token_text.ts";

/** A shorter text stands in answers by chance. */
const MIN_CREDENTIAL = 6;

type Carried = Pick<TokenParts, "headers" | "body_params" | "query_params">;

/**
 * The newest answer counts that holds one of the credentials and tells an end. It may have passed. `null` where
 * none does.
 */
export function recordedEnd(traces: readonly Trace[], carried: Carried): ToldEnd | null {
  const credentials = new Set(
    credentialsIn(carried).filter(({ length }) => length >= MIN_CREDENTIAL),
  );
  if (credentials.size === 0) return null;
  for (const trace of traces.toReversed()) {
    const message = new Message(0, trace);
    const path = message.succeeded ? placeOf(message, credentials) : undefined;
    const told = path === undefined ? null : toldLifetime(message, path);
    if (told === null) continue;
    return { at: Math.floor(trace.startedAtMs / 1000 + told.seconds), told: told.told };
  }
  return null;
}

/** The path of a credential in the JSON of an answer, `null` for one in a header; `undefined` without one. */
function placeOf(message: Message, credentials: ReadonlySet<string>): JsonPath | null | undefined {
  for (const { locator, text } of message.named("json")) {
    if (locator.kind === "json" && credentials.has(bareCredential(text))) return locator.path;
  }
  const headers = message.trace.response?.headers ?? [];
  const isInHeader = headers.some(([, value]) => credentials.has(bareCredential(value)));
  return isInHeader ? null : undefined;
}

/** Cookies only where nothing else authenticates: they often hold tokens for other purposes. */
function credentialsIn({ headers, body_params, query_params }: Carried): string[] {
  const all = Object.entries(headers);
  const direct = all.filter(([name]) => !isCookie(name) && !isAntiForgeryName(name))
    .map(([, value]) => bareCredential(value));
  const params = [...Object.values(body_params), ...Object.values(query_params)]
    .filter((value) => typeof value === "string");
  if (direct.length > 0 || params.length > 0) return [...direct, ...params];
  return all.filter(([name]) => isCookie(name)).flatMap(([, value]) => parseCookieHeader(value))
    .filter(([name, value]) => isSessionCookie(name, value))
    .flatMap(([, value]) => [value, percentDecode(value)]);
}

function isCookie(name: string): boolean {
  return name.toLowerCase() === "cookie";
}

/** One that may be what the session consists of. */
export function isSessionCookie(name: string, value: string): boolean {
  return (isCredentialName(name) || isOpaque(value)) && !isAntiForgeryName(name);
}
