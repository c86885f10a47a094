/**
 * A public key in place of a recorded one: random letters are none, and a page that encrypts with it would throw. Of an
 * SPKI structure (RFC 5280 section 4.1.2.7), in PEM or base64, and of the modulus of an RSA key alone.
 */
import { Buffer } from "node:buffer";
import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { trimEndOf } from "../base/trim.ts";
import type { RandomSource } from "./random_source.ts";

const PEM = /^-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/;
/** The shortest is that of Ed25519. In characters. */
const MIN_BASE64 = 58;
/** RSA keys of 1,024 to 4,096 bits, in bytes. */
const MODULI: readonly number[] = [128, 256, 384, 512];

/** Written as the recorded one is, line breaks included; `undefined` for what is not a key. */
export function mintPublicKey(recorded: string): string | undefined {
  const inner = PEM.exec(recorded)?.[1] ?? recorded;
  const bare = inner.replace(/\s/g, "");
  if (bare.length < MIN_BASE64 || !/^M[A-Za-z0-9+/]+=*$/.test(bare)) return undefined;
  const key = spkiKey(bare);
  const other = key === undefined ? undefined : keyLike(key);
  if (other === undefined) return undefined;
  const der = other.export({ type: "spki", format: "der" }).toString("base64");
  return recorded.replace(inner, () => wrapped(inner, der));
}

/** The base64 in lines as long as the recorded ones, between the same white space. */
function wrapped(inner: string, base64: string): string {
  const text = inner.trim();
  const separator = /\s+/.exec(text)?.[0];
  if (separator === undefined) return inner.replace(text, () => base64);
  const length = text.indexOf(separator);
  const lines = Array.from(
    { length: Math.ceil(base64.length / length) },
    (_, at) => base64.slice(at * length, (at + 1) * length),
  );
  return inner.replace(text, () => lines.join(separator));
}

function spkiKey(base64: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(base64, "base64"), format: "der", type: "spki" });
  } catch {
    return undefined;
  }
}

function keyLike(
  { asymmetricKeyType: type, asymmetricKeyDetails }: KeyObject,
): KeyObject | undefined {
  const { modulusLength = 0, namedCurve = "" } = asymmetricKeyDetails ?? {};
  if (type === "ec") return generateKeyPairSync(type, { namedCurve }).publicKey;
  if (type === "ed25519") return generateKeyPairSync(type).publicKey;
  if (type === "x25519") return generateKeyPairSync(type).publicKey;
  return type === "rsa" && modulusLength > 0 && modulusLength <= 4096
    ? generateKeyPairSync(type, { modulusLength }).publicKey
    : undefined;
}

/**
 * Another public exponent in place of the one that nearly all RSA keys have, 65,537, in base64url, hex or digits;
 * `undefined` for anything else. An even number is none (RFC 8017 section 3.1), so that the last digit is chosen.
 */
export function mintExponent(recorded: string, random: RandomSource): string | undefined {
  if (!/^(AQAB|010001|10001|65537)$/.test(recorded)) return undefined;
  const odd = recorded === "AQAB" ? "DFHJLNPRTVXZ" : recorded === "65537" ? "139" : "3579";
  return recorded.slice(0, -1) + random.pick(odd);
}

/** A modulus is odd, and its highest bit is set: the ends of a minted one are those of the recorded one. */
export function asModulus(recorded: string, minted: string): string {
  const isHex = /^[0-9a-f]+$/i.test(recorded);
  const bytes = isHex ? recorded.length / 2 : Math.floor(trimEndOf(recorded, "=").length * 3 / 4);
  if (!MODULI.includes(bytes) || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(recorded)) return minted;
  const tail = isHex ? 1 : recorded.length - trimEndOf(recorded, "=").length + 2;
  return recorded.slice(0, 2) + minted.slice(2, -tail) + recorded.slice(-tail);
}
