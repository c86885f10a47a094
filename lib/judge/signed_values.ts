/**
 * Signed values are whole or nothing: who composes a JWT (RFC 7515), a signed cookie or sealed state
 * from its parts has no key to sign it with.
 */
import { splitScheme } from "../http/auth_scheme.ts";
import { decodeJwt } from "../http/jwt.ts";
import { openText } from "./open_text.ts";
import type { Evidence } from "./evidence.ts";
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
 * True where the recorded client sent a signed value and the script one that no answer held whole, nor in two parts
 * where the recorded answers held it so: a server that keeps a token's signature in a cookie of its own.
 * @rule off: false
 */
export function isRebuilt(
  recorded: string,
  sent: string,
  { held, evidence }: { readonly held: HeldValues; readonly evidence: Evidence },
): boolean {
  const token = openText(recorded).find(isSigned);
  if (token === undefined) return false;
  const now = openText(sent).find(isSigned);
  if (now !== undefined && isJoined(token, now, held, evidence)) return false;
  if (held.has(sent) || held.has(splitScheme(sent).credentials)) return false;
  return !openText(sent).some((part) => isSigned(part) && held.has(part));
}

function isJoined(recorded: string, sent: string, held: HeldValues, evidence: Evidence): boolean {
  if (evidence.issued.has(recorded)) return false;
  const [before, now] = [recorded, sent].map(halves);
  return before!.some((parts, at) =>
    parts.every((part) => evidence.issued.has(part)) &&
    now![at]?.every((part) => held.has(part)) === true
  );
}

/** Cut at each dot. */
function halves(token: string): [string, string][] {
  return [...token.matchAll(/\./g)].map((
    { index },
  ) => [token.slice(0, index), token.slice(index + 1)]);
}

/** What a token of an answer holds is the answer's; a name with a dot beside a token is none. */
export function withoutSigned(text: string, held: HeldValues): string {
  return openText(text).filter((part) => isSigned(part) && held.has(part))
    .reduce((rest, token) => rest.replaceAll(token, ""), text);
}
