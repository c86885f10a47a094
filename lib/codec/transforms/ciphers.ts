/**
 * AES (FIPS 197) with CBC and PKCS#7 padding (NIST SP 800-38A) and with GCM (SP 800-38D; the tag of 16
 * bytes stands after the ciphertext), as Web Crypto has them: key, initialisation vector, text. Keys have 128 or
 * 256 bits; browsers take no others.
 *
 * RSA-OAEP (RFC 8017 section 7.1): public key, text. The key is an SPKI structure in PEM, in base64 or as bytes.
 * Each time it yields another value, so that none can be compared with a recorded one.
 */
import { Buffer } from "node:buffer";
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  publicEncrypt,
} from "node:crypto";
import { concatBytes } from "../../base/bytes.ts";
import { base64DecodeBytes } from "../../http/base64.ts";
import type { Value } from "../bytes.ts";
import { quote } from "../code.ts";
import type { TransformCodec } from "../codec.ts";
import { WEB_CRYPTO_NAMES } from "./digests.ts";
import { bytes } from "./transform.ts";

type Mode = "CBC" | "GCM";
type Direction = "encrypt" | "decrypt";
type Encrypt = (key: Uint8Array, iv: Uint8Array, text: Uint8Array) => Uint8Array;

const TAG_BYTES = 16;

export const CIPHERS = {
  "aes-cbc-encrypt": aes("CBC", "encrypt", (key, iv, text) => {
    const cipher = createCipheriv(nodeName("cbc", key), key, iv);
    return concatBytes([cipher.update(text), cipher.final()]);
  }),
  "aes-cbc-decrypt": aes("CBC", "decrypt", (key, iv, text) => {
    const cipher = createDecipheriv(nodeName("cbc", key), key, iv);
    return concatBytes([cipher.update(text), cipher.final()]);
  }),
  "aes-gcm-encrypt": aes("GCM", "encrypt", (key, iv, text) => {
    const cipher = createCipheriv(nodeName("gcm", key), key, iv);
    return concatBytes([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  }),
  "aes-gcm-decrypt": aes("GCM", "decrypt", (key, iv, text) => {
    const cipher = createDecipheriv(nodeName("gcm", key), key, iv);
    cipher.setAuthTag(text.slice(-TAG_BYTES));
    return concatBytes([cipher.update(text.slice(0, -TAG_BYTES)), cipher.final()]);
  }),
  "rsa-oaep-sha1-encrypt": rsaOaep("sha1"),
  "rsa-oaep-sha256-encrypt": rsaOaep("sha256"),
};

function nodeName(mode: "cbc" | "gcm", key: Uint8Array): "aes-256-gcm" {
  return `aes-${8 * key.length}-${mode}` as "aes-256-gcm";
}

function aes(mode: Mode, direction: Direction, run: Encrypt): TransformCodec {
  const made = direction === "encrypt" ? "ciphertext" : "plaintext";
  return bytes(`AES-${mode} ${made}`, ["bytes", "bytes", "bytes"], {
    apply(key, iv, text) {
      const fits = [16, 32].includes(key.length) && (mode === "GCM" || iv.length === 16);
      return fits ? fitting(() => run(key, iv, text)) : undefined;
    },
    write: (codes, uses) =>
      `await ${uses.call("aes", quote(direction), quote(`AES-${mode}`), ...codes)}`,
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
  });
}

function rsaOaep(hash: "sha1" | "sha256"): TransformCodec {
  const name = WEB_CRYPTO_NAMES[hash];
  return bytes(`RSA-OAEP ciphertext with ${name}`, ["value", "bytes"], {
    draws: true,
    apply(key, text) {
      const der = derOf(key);
      return der && fitting(() => {
        const spki = createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" });
        const padding = constants.RSA_PKCS1_OAEP_PADDING;
        return Uint8Array.from(publicEncrypt({ key: spki, padding, oaepHash: hash }, text));
      });
    },
    write: ([key, text], uses) => `await ${uses.call("rsa_oaep", quote(name), key!, text!)}`,
    snippets: [`/** RSA-OAEP by Web Crypto; the key is SPKI in PEM, in base64 or as bytes. */
async function rsa_oaep(
  hash: "SHA-1" | "SHA-256",
  key: string | BufferSource,
  text: BufferSource,
): Promise<Uint8Array<ArrayBuffer>> {
  const spki = typeof key === "string"
    ? Uint8Array.from(atob(key.replace(/-----[A-Z ]{1,40}-----|\\s/g, "")), (char) => char.charCodeAt(0))
    : key;
  const name = { name: "RSA-OAEP", hash };
  const imported = await crypto.subtle.importKey("spki", spki, name, false, ["encrypt"]);
  return new Uint8Array(await crypto.subtle.encrypt(name, imported, text));
}`],
  });
}

function derOf(key: Value): Uint8Array | undefined {
  if (typeof key !== "string") return key;
  return base64DecodeBytes(key.replace(/-----[A-Z ]{1,40}-----|\s/g, ""));
}

/** `undefined` where key, vector or text do not fit. */
function fitting(run: () => Uint8Array): Uint8Array | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
