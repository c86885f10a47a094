/**
 * Signed values are whole or nothing: who composes a JWT (RFC 7515), a signed cookie or sealed state
 * from its parts has no key to sign it with.
 */
import { splitScheme } from "../http/auth_scheme.ts";
import { decodeJwt } from "../http/jwt.ts";
import { openText } from "./open_text.ts";
import type { HeldValues } from "./held_values.ts";

/** `payload.signature`, `s:id.signature` (cookie-signature), `payload.time.signature` (itsdangerous). */
const SIGNED = /^(?:s(?::|%3A))?[\w+/=%-]{4,}(?:\.[\w+/=%-]{4,})?\.([\w+/=%-]{20,})$/;

/** @rule off: false */
export function isSigned(value: string): boolean {
  if (decodeJwt(value) !== null) return !value.endsWith(".");
  const signature = SIGNED.exec(value)?.[1];
  return signature !== undefined && /\d/.test(signature) && /[A-Za-z]/.test(signature);
}

/**
 * True where the recorded client sent a signed value and the script one that no answer held whole.
 * @rule off: false
 */
export function isRebuilt(recorded: string, sent: string, held: HeldValues): boolean {
  if (!openText(recorded).some(isSigned)) return false;
  if (held.has(sent) || held.has(splitScheme(sent).credentials)) return false;
  return !openText(sent).some((part) => isSigned(part) && held.has(part));
}
