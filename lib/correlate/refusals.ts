/**
 * Logins that no script can reproduce, recognised by what the recording shows. Each reason names the
 * obstacle, the trace, and the way that remains.
 */
import { headerValue } from "../http/headers.ts";
import { isLoginPath, isPasswordName, words } from "../http/vocabulary.ts";
import type { Analysis } from "./flow.ts";
import type { Message, Recording } from "./recording.ts";
import { singleCharacters } from "./shown_fields.ts";
import { isOpaque } from "../http/opaque.ts";
import { isDigestLike } from "./digest_trials.ts";
import { STAYS_WITH_CLIENT } from "./stays_with_client.ts";
import { base64DecodeBytes } from "../http/base64.ts";

export const REMAINS =
  'sign in with a browser, then hand the session over with "keysmith auth set APP" or import a recording of it and run "keysmith auth extract APP"';

export function refused(...reasons: readonly string[]): Analysis {
  return { kind: "refused", reasons };
}

/** Why these requests (the login, or what looks like one) cannot be reproduced; empty when they can. */
export function obstacles(messages: readonly Message[], recording: Recording): string[] {
  return toldOf(
    messages,
    (message) =>
      captcha(message) ?? webAuthn(message) ?? deviceBound(message) ??
        askedCharacters(message, recording),
  );
}

/** Why the page's computation over what was typed hides it; a finding may say how it is computed. */
export function hiddenByComputing(messages: readonly Message[]): string[] {
  return toldOf(messages, computedAway);
}

function toldOf(
  messages: readonly Message[],
  reasonOf: (message: Message) => string | null,
): string[] {
  return messages.flatMap((message) => {
    const reason = reasonOf(message);
    return reason === null ? [] : [`${message.trace.id}: ${reason}`];
  });
}

export function computedAway(message: Message): string | null {
  return srp(message) ?? encrypted(message);
}

/** Banks ask for some characters of a secret, at other positions each time. @rule off: null */
function askedCharacters(message: Message, recording: Recording): string | null {
  const characters = singleCharacters(message, recording);
  if (characters.length === 0) return null;
  const fields = [...new Set(characters.map(({ name }) => `"${name}"`))].join(", ");
  return characters[0]!.place.kind === "json"
    ? `the login sends single characters of a secret (${fields}), and nothing shows which ones it wants; ${REMAINS}`
    : `the login asks for single characters of a secret (${fields}), at other positions each time, which only a ` +
      `person can read off the page; ${REMAINS}`;
}

/**
 * Answers of reCAPTCHA, hCaptcha and Turnstile under their documented field names, and typed ones.
 * @rule off: null
 */
function captcha({ leaves }: Message): string | null {
  const leaf = leaves.find(({ name, value }) =>
    /captcha|turnstile/i.test(name) && !/\b(id|key|type)$/.test(words(name)) &&
    value.length >= 4 && !/^(true|false|null|none)$/i.test(value)
  );
  return leaf === undefined
    ? null
    : `the login sends the answer of a CAPTCHA ("${leaf.name}"), which only a person can give; ${REMAINS}`;
}

/** A WebAuthn assertion (Web Authentication Level 3, section 5.8.1 and 6.1). @rule off: null */
function webAuthn({ leaves }: Message): string | null {
  const isFound = leaves.some(({ name, value }) =>
    /^(clientDataJSON|authenticatorData|attestationObject)$/i.test(name) ||
    value.includes("clientDataJSON") && value.includes("authenticatorData")
  );
  return isFound
    ? `the login is signed by a passkey or security key (WebAuthn), whose key never leaves the device; ${REMAINS}`
    : null;
}

/**
 * Device Bound Session Credentials: the registration header of an answer, or a signed proof.
 * @rule off: null
 */
function deviceBound({ trace: { request, response } }: Message): string | null {
  const isBound = ["sec-session", "secure-session"].some((prefix) =>
    headerValue(response?.headers ?? [], `${prefix}-registration`) !== undefined ||
    headerValue(request.headers, `${prefix}-response`) !== undefined
  );
  return isBound
    ? "the session is bound to a key of the device (device bound session credentials), so its cookies work in " +
      `that browser only, and ${STAYS_WITH_CLIENT}; use the app's official client or another interface of it`
    : null;
}

/** Secure Remote Password (RFC 5054, RFC 2945): the password is proven, not sent. @rule off: null */
function srp({ leaves }: Message): string | null {
  const isFound = leaves.some(({ name, value }) =>
    /^(srp|SRP)[_-]?(A|B|M1?)$|^PASSWORD_CLAIM_SIGNATURE$|^srp_?(proof|ephemeral)/i.test(name) ||
    /^(USER_SRP_AUTH|PASSWORD_VERIFIER)$/.test(value) ||
    /^(A|M1)$/.test(name) && /^[0-9a-f]{40,}$|^[A-Za-z0-9+/_-]{40,}={0,2}$/i.test(value)
  );
  return isFound
    ? "the password is proven by the SRP protocol and never sent; record a login through a client that sends it " +
      `(for example the flow USER_PASSWORD_AUTH), or ${REMAINS}`
    : null;
}

/** What an encrypted body is called. */
const SEALED =
  /\b(data|payload|body|enc|encrypted|cipher|ciphertext|message|request|content|blob)\b/i;

/** Passwords or whole bodies that a page encrypts: long binary text that is not a known digest. */
function encrypted({ method, leaves }: Message): string | null {
  if (method === "GET") return null;
  const body = leaves.filter(({ place }) => ["json", "form", "text"].includes(place.kind));
  const secret = body.find(({ name, value }) => isPasswordName(name) && isCipherText(value));
  if (secret !== undefined) {
    return `the page encrypts "${secret.name}" before it sends it, with a key this tool cannot use; ${REMAINS}`;
  }
  const sealed = body.find(({ value }) => isJwe(value) || isCipherText(value));
  if (sealed === undefined) return null;
  const isWhole = body.length <= 4 && body.filter(({ value }) => isOpaque(value)).length === 1 &&
    SEALED.test(sealed.name.replaceAll(/[_-]/g, " "));
  return isWhole || isJwe(sealed.value)
    ? `the page encrypts the login's body ("${sealed.name}"), so the credentials cannot be put into it; ${REMAINS}`
    : null;
}

/** JSON Web Encryption in compact form has five parts (RFC 7516 section 7.1). @rule off: false */
function isJwe(value: string): boolean {
  return /^eyJ[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/.test(value);
}

/** Base64 or hex of at least 48 bytes that hold no text. @rule off: false */
function isCipherText(value: string): boolean {
  if (isDigestLike(value) || value.length < 64) return false;
  if (/^[0-9a-f]+$/i.test(value)) return value.length >= 96;
  const bytes = base64DecodeBytes(value);
  if (bytes === undefined || bytes.length < 48) return false;
  return bytes.filter((byte) => byte >= 32 && byte < 127).length < bytes.length * 0.8;
}

/**
 * Requests of a login without any field we know: for the obstacles of logins that hide credentials.
 * @rule off: []
 */
export function loginLikeRequests(messages: readonly Message[]): Message[] {
  return messages.filter((message) =>
    message.method !== "GET" && message.method !== "OPTIONS" && !message.isScriptOrStyle &&
    isLoginPath(
      message.url.pathname + (headerValue(message.trace.request.headers, "x-amz-target") ?? ""),
    )
  );
}
