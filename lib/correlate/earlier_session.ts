/**
 * Sessions that are older than the recording: a client goes on sending what it was given before the
 * recorder started. The login then only raises that session (OWASP Session Management Cheat Sheet calls
 * keeping its id a fault, and many servers do), or is not needed at all. Where such a credential comes from is
 * in no answer, and making one up gives nobody a session.
 */
import { basicPair, isEmptyCredential, splitScheme } from "../http/auth_scheme.ts";
import { isOpaque } from "../http/opaque.ts";
import { isBystanderCookie } from "../http/ordinary_traffic.ts";
import { isAntiForgeryName, isApiKeyName, isCredentialName } from "../http/vocabulary.ts";
import { isOfEachRequest } from "./client_made.ts";
import type { Leaf } from "./leaves.ts";
import type { LoginSpan } from "./login_span.ts";
import type { Evidence } from "./login_styles/style.ts";
import type { Message } from "./recording.ts";
import { issuedPart, type Sink } from "./sink.ts";

/**
 * Credentials that no answer handed out, which a request carried before anything was typed (or along with
 * it) and the app's requests still carry after the login. Of each the first use.
 * @rule off: []
 */
export function earlierCredentials(
  evidence: Evidence,
  span: LoginSpan,
  accept: (leaf: Leaf) => boolean = isSessions,
): Sink[] {
  const { messages } = evidence;
  const after = new Set(
    messages.filter(({ index, succeeded }) => index > span.last && succeeded)
      .flatMap(({ leaves }) => leaves).map(keyOf),
  );
  const found = new Map<string, Sink>();
  for (const message of messages) {
    if (message.index > span.first) break;
    for (const leaf of message.leaves) {
      const key = keyOf(leaf);
      if (found.has(key) || !after.has(key) || !accept(leaf)) continue;
      if (isFromNowhere(message, leaf, evidence)) found.set(key, { message, leaf });
    }
  }
  return [...found.values()];
}

function keyOf({ place, name, value }: Leaf): string {
  return `${place.kind} ${name} ${value}`;
}

/** Shorter ones in `Authorization` are words. In characters. */
const MIN_CREDENTIAL = 6;

/** A place and look of a session's credential, rather than of the client's own key or of a device. */
export function isSessions(leaf: Leaf): boolean {
  const { place, name, value } = leaf;
  if (place.kind === "cookie") {
    return !isBystanderCookie(name) && isOpaque(value) && !isAntiForgeryName(name);
  }
  if (place.kind !== "header" || isEmptyCredential(value)) return false;
  const { credentials } = splitScheme(value);
  if (name.toLowerCase() === "authorization") {
    return basicPair(value) === null && credentials.length >= MIN_CREDENTIAL;
  }
  return isCredentialName(name) && !isApiKeyName(name) &&
    !isAntiForgeryName(name) && isOpaque(credentials);
}

/**
 * No earlier answer holds it, and neither does the client's code: what stands there is a constant.
 * @rule off: false
 */
export function isFromNowhere(
  message: Message,
  leaf: Leaf,
  { recording, provenance }: Pick<Evidence, "recording" | "provenance">,
): boolean {
  if (leaf.place.kind === "cookie") {
    return recording.cookieSetters(leaf.name, leaf.value, message.index) === null &&
      provenance.find(leaf.value, message.index) === null;
  }
  const isScript = (index: number) => recording.at(index).isClientCode;
  return !isOfEachRequest(leaf, recording) &&
    issuedPart(leaf, message.index, provenance) === null &&
    provenance.find(splitScheme(leaf.value).credentials, Infinity, isScript) === null;
}
