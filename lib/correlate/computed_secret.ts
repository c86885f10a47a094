/**
 * Whether a value was computed from what somebody typed (a digest, a cipher's blocks, a sealed key) and
 * not typed itself. It decides by the bytes that the value encodes: their number is that of a digest, of
 * whole cipher blocks or of an RSA modulus, and they are no text. A password that happens to be base64
 * of anything else stays a password.
 */
import { base64Decode, base64DecodeBytes, base64EncodeBytes, toBase64Url } from "../http/base64.ts";

/** Bytes of MD5, SHA-1, SHA-224, SHA-384 and the like that are no multiple of a cipher's block. */
const DIGEST_BYTES: ReadonlySet<number> = new Set([20, 28]);

/** The block of DES and 3DES (FIPS 46-3); that of AES is twice as long (FIPS 197). In bytes. */
const BLOCK = 8;

/** Base64 of `Salted__`, with which OpenSSL and CryptoJS begin what they encrypt under a passphrase. */
export const OPENSSL_SALTED = "U2FsdGVkX1";

/** True for hex or base64 of the size of a digest or a cipher text. */
export function looksComputed(value: string): boolean {
  return isHexOfBlocks(value) || isBase64OfBlocks(value) || value.startsWith(OPENSSL_SALTED);
}

/** SHA-1 in base64 is the shortest digest in use that passwords with a dash or a colon do not have. In characters. */
const MIN_PART = 28;

/** A hash of a password that says how it was made: `$2b$10$…`, `$argon2id$v=19$…` (PHC string format). */
const PASSWORD_HASH = /^\$[a-z0-9-]{1,32}\$.{0,80}[^\s$]{20}/;

/** The same for a part, where a challenge, a salt or a scheme stands before what was computed: `c4f1-9a0e…`. */
export function holdsComputed(value: string): boolean {
  return looksComputed(value) || PASSWORD_HASH.test(value) ||
    value.split(/[-$|:,]/).some((part) => part.length >= MIN_PART && looksComputed(part));
}

/** @rule off: false */
function isHexOfBlocks(value: string): boolean {
  if (!/^([0-9a-f]+|[0-9A-F]+)$/.test(value) || value.length % 2 !== 0) return false;
  if (!/\d/.test(value) || !/[a-f]/i.test(value)) return false;
  return value.length >= 2 * BLOCK && isSize(value.length / 2);
}

/**
 * Sixteen letters and digits are twelve bytes, so a password of that shape is none.
 * @rule off: false
 */
function isBase64OfBlocks(value: string): boolean {
  if (value.length < 12 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(value)) return false;
  const bytes = base64DecodeBytes(value);
  if (bytes === undefined || !isSize(bytes.length) || isText(value)) return false;
  const exact = base64EncodeBytes(bytes);
  if (exact !== value && toBase64Url(exact) !== value) return false;
  return bytes.length % (2 * BLOCK) === 0 || DIGEST_BYTES.has(bytes.length) ||
    /[+/=]/.test(value);
}

function isSize(bytes: number): boolean {
  return bytes % BLOCK === 0 || DIGEST_BYTES.has(bytes);
}

function isText(value: string): boolean {
  const text = base64Decode(value);
  // deno-lint-ignore no-control-regex
  return text !== undefined && !/[\x00-\x08\x0e-\x1f\x7f]/.test(text);
}
