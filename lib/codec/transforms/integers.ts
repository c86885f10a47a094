/**
 * Whole numbers of any size as decimal text: counters, and the arithmetic of SRP and Diffie-Hellman
 * (RFC 5054). Bytes and hex digits are read and written with the greatest first.
 */
import { createHmac } from "node:crypto";
import { hexBytes, hexOf } from "../bytes.ts";
import { quote } from "../code.ts";
import type { TransformCodec } from "../codec.ts";
import { WEB_CRYPTO_NAMES, type WebHash } from "./digests.ts";
import { bytes, MAX_DIGITS, text } from "./transform.ts";

/** Of an exponent, in bits: a modulus of 8192 bits makes longer ones needless. */
const MAX_EXPONENT = 20_000;

export const INTEGERS = {
  "add": binary("+", (a, b) => a + b),
  "subtract": binary("-", (a, b) => a - b),
  "multiply": binary("*", (a, b) => a * b),
  /** Towards zero. */
  "divide": binary("/", (a, b) => b === 0n ? undefined : a / b),
  /** The remainder that is never negative. */
  "modulo": text("remainder of whole numbers", ["integer", "integer"], {
    apply: (a, m) => m > 0n ? String(((a % m) + m) % m) : undefined,
    write: "modulo",
    snippets: [`/** The remainder that is never negative, of whole numbers in decimal. */
function modulo(number: string, modulus: string): string {
  const [a, m] = [BigInt(number), BigInt(modulus)];
  return String(((a % m) + m) % m);
}`],
  }),
  /** Base, exponent, modulus. */
  "mod-pow": text("power of whole numbers by a modulus", ["integer", "integer", "integer"], {
    apply: (base, exponent, modulus) =>
      exponent < 0n || exponent.toString(2).length > MAX_EXPONENT || modulus <= 0n
        ? undefined
        : String(power(base, exponent, modulus)),
    write: "mod_pow",
    snippets: [`/** base ** exponent % modulus, of whole numbers in decimal. */
function mod_pow(base: string, exponent: string, modulus: string): string {
  const m = BigInt(modulus);
  let result = 1n % m;
  let square = ((BigInt(base) % m) + m) % m;
  for (let rest = BigInt(exponent); rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = result * square % m;
    square = square * square % m;
  }
  return String(result);
}`],
  }),
  /** Of bytes, or of a text of hex digits. */
  "integer": text("the whole number in the bytes", ["value"], {
    apply(value) {
      const hex = typeof value === "string" ? value.replace(/^0x/i, "") : hexOf(value);
      const fits = /^[0-9a-f]*$/i.test(hex) && hex.length <= MAX_DIGITS;
      return fits ? String(BigInt(`0x0${hex}`)) : undefined;
    },
    write: ([code], uses, [arg]) =>
      uses.call("integer_of", arg!.yields === "bytes" ? uses.call("hex", code!) : code!),
    snippets: [`/** The whole number of hex digits, in decimal. */
function integer_of(hex: string): string {
  return String(BigInt("0x0" + hex.replace(/^0x/i, "")));
}`],
  }),
  /** With as few digits as it takes, or filled up to a length. */
  "integer-hex": text("a whole number in hex", ["integer", "count?"], {
    apply: (number, length = 0) => number < 0n ? undefined : filled(number.toString(16), length),
    write: ([number, length]) =>
      `BigInt(${number}).toString(16)${length === undefined ? "" : `.padStart(${length}, "0")`}`,
  }),
  /** As few bytes as it takes, or filled up to a length in bytes. */
  "integer-bytes": bytes("the bytes of a whole number", ["integer", "count?"], {
    apply(number, length = 0) {
      const hex = number < 0n ? undefined : filled(number.toString(16), 2 * length);
      return hex === undefined
        ? undefined
        : hexBytes(hex.padStart(hex.length + hex.length % 2, "0"));
    },
    write: "integer_bytes",
    snippets: [`/** The bytes of a whole number in decimal, at least \`length\` of them. */
function integer_bytes(number: string, length = 1): Uint8Array<ArrayBuffer> {
  const hex = BigInt(number).toString(16);
  return hex_to_bytes(hex.padStart(Math.max(2 * length, hex.length + hex.length % 2), "0"));
}`],
  }),
  /** Bytes as digits of an alphabet, as base 58 is: one number, with a first digit for each zero in front. */
  "base-digits": text("digits of an alphabet", ["bytes", "text"], {
    apply(bytes, alphabet) {
      const letters = [...alphabet];
      if (letters.length < 2 || bytes.length > MAX_DIGITS) return undefined;
      const base = BigInt(letters.length);
      let digits = "";
      for (let rest = BigInt(`0x0${hexOf(bytes)}`); rest > 0n; rest /= base) {
        digits = letters[Number(rest % base)] + digits;
      }
      const zeros = bytes.findIndex((byte) => byte !== 0);
      return letters[0]!.repeat(zeros === -1 ? bytes.length : zeros) + digits;
    },
    write: "base_digits",
    snippets: [`/** Bytes as digits of an alphabet, with a first digit for each zero in front. */
function base_digits(bytes: Uint8Array, alphabet: string): string {
  const letters = [...alphabet];
  const base = BigInt(letters.length);
  let digits = "";
  for (let rest = BigInt("0x0" + hex(bytes)); rest > 0n; rest /= base) {
    digits = letters[Number(rest % base)] + digits;
  }
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return letters[0]!.repeat(zeros === -1 ? bytes.length : zeros) + digits;
}`],
  }),
  "hotp-sha1": hotp("sha1"),
  "hotp-sha256": hotp("sha256"),
  "hotp-sha512": hotp("sha512"),
};

function binary(
  sign: string,
  compute: (a: bigint, b: bigint) => bigint | undefined,
): TransformCodec {
  return text(`whole numbers (${sign})`, ["integer", "integer"], {
    apply: (a, b) => compute(a, b)?.toString(),
    write: (codes) => `String(${codes.map((code) => `BigInt(${code})`).join(` ${sign} `)})`,
  });
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n % modulus;
  let square = ((base % modulus) + modulus) % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = result * square % modulus;
    square = square * square % modulus;
  }
  return result;
}

function filled(hex: string, length: number): string | undefined {
  return Math.abs(length) > 2 * MAX_DIGITS ? undefined : hex.padStart(length, "0");
}

/** One-time passwords (HOTP, RFC 4226 section 5.3): key, counter, digits. TOTP counts the time (RFC 6238). */
function hotp(hash: WebHash): TransformCodec {
  const name = WEB_CRYPTO_NAMES[hash];
  return text(`HOTP with HMAC-${name}`, ["bytes", "text", "count"], {
    apply(key, counter, digits) {
      const isCounter = /^\d{1,19}$/.test(counter) && BigInt(counter) < 2n ** 64n;
      if (!isCounter || digits < 1 || digits > 9) return undefined;
      const moving = hexBytes(BigInt(counter).toString(16).padStart(16, "0"))!;
      const mac = createHmac(hash, key).update(moving).digest();
      const number = (mac.readUInt32BE(mac.at(-1)! & 15) & 0x7fffffff) % 10 ** digits;
      return String(number).padStart(digits, "0");
    },
    write: (codes, uses) => `await ${uses.call("hotp", quote(name), ...codes)}`,
    snippets: [`/** One-time password of a counter (RFC 4226 section 5.3). */
async function hotp(
  hash: string,
  key: Uint8Array<ArrayBuffer>,
  counter: string,
  digits: number,
): Promise<string> {
  const moving = new DataView(new ArrayBuffer(8));
  moving.setBigUint64(0, BigInt(counter));
  const mac = await hmac_bytes(hash, key, moving);
  const at = mac[mac.length - 1]! & 15;
  const number = (new DataView(mac.buffer).getUint32(at) & 0x7fffffff) % 10 ** digits;
  return String(number).padStart(digits, "0");
}`],
  });
}
