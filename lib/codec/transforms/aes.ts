/**
 * AES (FIPS 197) with CBC and PKCS#7 padding (NIST SP 800-38A) and with GCM (SP 800-38D; the tag of 16
 * bytes stands after the ciphertext), as Web Crypto has them: key, initialisation vector, text. Keys have 128 or
 * 256 bits; browsers take no others.
 */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { bytesCode, bytesOf, type Value } from "../bytes.ts";
import { quote, type Uses, type Written } from "../code.ts";
import type { TransformCodec } from "../codec.ts";
import { argument, inDomain } from "./arguments.ts";

type Mode = "CBC" | "GCM";
type Direction = "encrypt" | "decrypt";

const TAG_BYTES = 16;

export const AES = {
  "aes-cbc-encrypt": codec("CBC", "encrypt"),
  "aes-cbc-decrypt": codec("CBC", "decrypt"),
  "aes-gcm-encrypt": codec("GCM", "encrypt"),
  "aes-gcm-decrypt": codec("GCM", "decrypt"),
};

function codec(mode: Mode, direction: Direction): TransformCodec {
  const op = `aes-${mode.toLowerCase()}-${direction}`;
  return {
    describe: `AES-${mode} ${direction === "encrypt" ? "ciphertext" : "plaintext"}`,
    yields: "bytes",
    apply: (args) => {
      const [key, iv, text] = [0, 1, 2].map((at) => bytesOf(argument(op, args, at)));
      return inDomain(op, run(mode, direction, key!, iv!, text!));
    },
    write: (args, uses) => `await ${call(mode, direction, args, uses)}`,
    snippets: [`/** AES by Web Crypto; CBC pads by PKCS#7, GCM puts its tag after the ciphertext. */
async function aes(
  direction: "encrypt" | "decrypt",
  name: "AES-CBC" | "AES-GCM",
  key: BufferSource,
  iv: BufferSource,
  text: BufferSource,
): Promise<Uint8Array<ArrayBuffer>> {
  const imported = await crypto.subtle.importKey("raw", key, name, false, [direction]);
  return new Uint8Array(await crypto.subtle[direction]({ name, iv }, imported, text));
}`],
  };
}

function call(mode: Mode, direction: Direction, args: readonly Written[], uses: Uses): string {
  const values = args.map((arg) => bytesCode(arg, uses));
  return uses.call("aes", quote(direction), quote(`AES-${mode}`), ...values);
}

/** `undefined` where key, vector or text do not fit. */
function run(
  mode: Mode,
  direction: Direction,
  key: Uint8Array,
  iv: Uint8Array,
  text: Uint8Array,
): Uint8Array | undefined {
  if (![16, 32].includes(key.length) || mode === "CBC" && iv.length !== 16) return undefined;
  try {
    return mode === "CBC"
      ? throughCbc(direction, key, iv, text)
      : throughGcm(direction, key, iv, text);
  } catch {
    return undefined;
  }
}

function throughCbc(
  direction: Direction,
  key: Uint8Array,
  iv: Uint8Array,
  text: Uint8Array,
): Uint8Array {
  const name = `aes-${8 * key.length}-cbc` as "aes-256-cbc";
  const cipher = direction === "encrypt"
    ? createCipheriv(name, key, iv)
    : createDecipheriv(name, key, iv);
  return bytes(cipher.update(text), cipher.final());
}

function throughGcm(
  direction: Direction,
  key: Uint8Array,
  iv: Uint8Array,
  text: Uint8Array,
): Uint8Array {
  const name = `aes-${8 * key.length}-gcm` as "aes-256-gcm";
  if (direction === "encrypt") {
    const cipher = createCipheriv(name, key, iv);
    return bytes(cipher.update(text), cipher.final(), cipher.getAuthTag());
  }
  const cipher = createDecipheriv(name, key, iv);
  cipher.setAuthTag(text.slice(-TAG_BYTES));
  return bytes(cipher.update(text.slice(0, -TAG_BYTES)), cipher.final());
}

function bytes(...parts: readonly Value[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...bytesOf(part)]));
}
