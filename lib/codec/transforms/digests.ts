/**
 * Digests (SHA by FIPS 180-4, MD5 by RFC 1321), HMAC (RFC 2104) of key and message, and PBKDF2 (RFC 8018
 * section 5.2) of password, salt, iterations and length in bytes: of bytes, or of a text's UTF-8. Each is
 * written in hex, base64 or base64url, or yields bytes to compute with.
 */
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { base64EncodeBytes, toBase64Url } from "../../http/base64.ts";
import { hexOf } from "../bytes.ts";
import { quote, type Uses, type Written } from "../code.ts";
import type { TransformCodec } from "../codec.ts";
import { type Argument, bytes, type Making, text } from "./transform.ts";

/** By the name that `node:crypto` has for it. */
export type Hash = "md5" | "sha1" | "sha256" | "sha512";
/** Web Crypto has no MD5. */
export type WebHash = Exclude<Hash, "md5">;

export const WEB_CRYPTO_NAMES: Readonly<Record<Hash, string>> = {
  md5: "MD5",
  sha1: "SHA-1",
  sha256: "SHA-256",
  sha512: "SHA-512",
};

/** More is beyond what a page makes a person wait for. */
const MAX_ITERATIONS = 10_000_000;
const MAX_LENGTH = 1024;

const ENCODE_DIGEST =
  `function encode_digest(bytes: Uint8Array, encoding: "hex" | "base64"): string {
  if (encoding === "base64") return base64_bytes(bytes);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}`;

export const DIGESTS = {
  ...sha("sha1"),
  ...sha("sha256"),
  ...sha("sha512"),
  ...hmac("sha1"),
  ...hmac("sha256"),
  ...hmac("sha512"),
  ...encodedDigests("md5", "MD5", ["bytes"], {
    apply: (bytes) => createHash("md5").update(bytes).digest(),
    writeBytes: ([bytes], uses) => uses.call("md5_bytes", bytes!),
    writeText: ([text], encoding, uses) => uses.call("md5", text!, encoding),
    snippets: [
      `/** MD5 (RFC 1321), which Web crypto lacks. */
function md5_bytes(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const words = new Int32Array((((message.length + 8) >> 6) + 1) * 16);
  message.forEach((byte, index) => words[index >> 2]! |= byte << ((index % 4) * 8));
  words[message.length >> 2]! |= 0x80 << ((message.length % 4) * 8);
  words[words.length - 2] = message.length * 8;
  const shifts = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
  let [a, b, c, d] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let block = 0; block < words.length; block += 16) {
    const [a0, b0, c0, d0] = [a, b, c, d];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const [mix, word] = round === 0
        ? [(b & c) | (~b & d), i]
        : round === 1
        ? [(d & b) | (~d & c), (5 * i + 1) % 16]
        : round === 2
        ? [b ^ c ^ d, (3 * i + 5) % 16]
        : [c ^ (b | ~d), (7 * i) % 16];
      const constant = Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0;
      const sum = (a + mix + constant + words[block + word]!) | 0;
      const shift = shifts[round]![i % 4]!;
      [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
    }
    [a, b, c, d] = [(a + a0) | 0, (b + b0) | 0, (c + c0) | 0, (d + d0) | 0];
  }
  return new Uint8Array(new Int32Array([a, b, c, d]).buffer);
}`,
      `function md5(text: string, encoding: "hex" | "base64"): string {
  return encode_digest(md5_bytes(bytes_of(text)), encoding);
}`,
    ],
  }),
  /** PKCE's S256: base64url(SHA-256(verifier)) (RFC 7636 section 4.2). */
  "pkce-s256": text("PKCE challenge (S256)", ["text"], {
    apply: (verifier) => createHash("sha256").update(verifier).digest("base64url"),
    write: ([verifier], uses) => `await ${uses.call("pkce_challenge", verifier!)}`,
    snippets: [`/** PKCE S256 (RFC 7636 section 4.2). */
async function pkce_challenge(verifier: string): Promise<string> {
  const hash = await digest("SHA-256", verifier, "base64");
  return hash.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}`],
  }),
  ...pbkdf2("sha1"),
  ...pbkdf2("sha256"),
  ...pbkdf2("sha512"),
};

function sha<H extends WebHash>(hash: H) {
  const name = quote(WEB_CRYPTO_NAMES[hash]);
  return encodedDigests(hash, WEB_CRYPTO_NAMES[hash], ["bytes"], {
    apply: (bytes) => createHash(hash).update(bytes).digest(),
    writeBytes: ([bytes], uses) => `await ${uses.call("digest_bytes", name, bytes!)}`,
    writeText: ([text], encoding, uses) => `await ${uses.call("digest", name, text!, encoding)}`,
    snippets: [
      `async function digest(algorithm: string, text: string, encoding: "hex" | "base64"): Promise<string> {
  const hash = await crypto.subtle.digest(algorithm, bytes_of(text));
  return encode_digest(new Uint8Array(hash), encoding);
}`,
      `async function digest_bytes(algorithm: string, bytes: BufferSource): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest(algorithm, bytes));
}`,
    ],
  });
}

function hmac<H extends WebHash>(hash: H) {
  const name = quote(WEB_CRYPTO_NAMES[hash]);
  const prefix = `hmac-${hash}` as const;
  return encodedDigests(prefix, `HMAC-${WEB_CRYPTO_NAMES[hash]}`, ["bytes", "bytes"], {
    apply: (key, message) => createHmac(hash, key).update(message).digest(),
    writeBytes: (codes, uses) => `await ${uses.call("hmac_bytes", name, ...codes)}`,
    writeText: (codes, encoding, uses) => `await ${uses.call("hmac", name, ...codes, encoding)}`,
    snippets: [
      `/** HMAC, which pads a key with zeros; Web crypto takes no empty one. */
async function hmac_bytes(
  hash: string,
  key: Uint8Array<ArrayBuffer>,
  message: BufferSource,
): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = { name: "HMAC", hash };
  const padded = key.length === 0 ? new Uint8Array(1) : key;
  const imported = await crypto.subtle.importKey("raw", padded, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, message));
}`,
      `async function hmac(
  hash: string,
  key: string,
  text: string,
  encoding: "hex" | "base64",
): Promise<string> {
  return encode_digest(await hmac_bytes(hash, bytes_of(key), bytes_of(text)), encoding);
}`,
    ],
  });
}

function pbkdf2<H extends WebHash>(hash: H) {
  const name = quote(WEB_CRYPTO_NAMES[hash]);
  const takes = ["bytes", "bytes", "text", "text"] as const;
  return encodedDigests(`pbkdf2-${hash}` as const, `PBKDF2-${WEB_CRYPTO_NAMES[hash]}`, takes, {
    apply(password, salt, iterations, length) {
      const counts = [count(iterations, MAX_ITERATIONS), count(length, MAX_LENGTH)] as const;
      return counts.includes(0) ? undefined : pbkdf2Sync(password, salt, ...counts, hash);
    },
    writeBytes: ([password, salt, ...counts], uses) =>
      `await ${
        uses.call("pbkdf2", name, password!, salt!, ...counts.map((code) => `Number(${code})`))
      }`,
    snippets: [`/** PBKDF2 (RFC 8018 section 5.2); \`length\` in bytes. */
async function pbkdf2(
  hash: string,
  password: BufferSource,
  salt: BufferSource,
  iterations: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const algorithm = { name: "PBKDF2", hash, salt, iterations };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, length * 8));
}`],
  });
}

/** A number from 1 to `most`; 0 for what is none. */
function count(text: string, most: number): number {
  return /^[1-9]\d{0,8}$/.test(text) && Number(text) <= most ? Number(text) : 0;
}

interface DigestFamily<T extends readonly Argument[]> {
  readonly apply: Making<T, Uint8Array>["apply"];
  /** Code that yields the bytes of the digest. */
  readonly writeBytes: (codes: readonly string[], uses: Uses) => string;
  /** The short form, for arguments that are all texts. */
  readonly writeText?: (codes: readonly string[], encoding: string, uses: Uses) => string;
  readonly snippets: readonly string[];
}

/** One transform for each encoding: `sha1-hex`, `sha1-base64`, … */
function encodedDigests<P extends string, const T extends readonly Argument[]>(
  prefix: P,
  name: string,
  takes: T,
  family: DigestFamily<T>,
) {
  const { apply, writeBytes, writeText } = family;
  const snippets = [ENCODE_DIGEST, ...family.snippets];
  const writeIn =
    (base: "hex" | "base64") => (codes: readonly string[], uses: Uses, args: readonly Written[]) =>
      writeText !== undefined && args.every(({ yields }) => yields === "text")
        ? writeText(args.map(({ code }) => code), quote(base), uses)
        : uses.call("encode_digest", writeBytes(codes, uses), quote(base));
  const written = (
    encoding: string,
    encode: (digest: Uint8Array) => string,
    write: Making<T, string>["write"],
  ) =>
    text(`${name} in ${encoding}`, takes, {
      apply: (...args) => {
        const digest = apply(...args);
        return digest && encode(digest);
      },
      write,
      snippets,
    });
  const codecs = {
    [`${prefix}-hex`]: written("hex", hexOf, writeIn("hex")),
    [`${prefix}-base64`]: written("base64", base64EncodeBytes, writeIn("base64")),
    [`${prefix}-base64url`]: written(
      "base64url",
      (digest) => toBase64Url(base64EncodeBytes(digest)),
      (codes, uses, args) => uses.call("url_safe", writeIn("base64")(codes, uses, args)),
    ),
    [`${prefix}-bytes`]: bytes(name, takes, { apply, write: writeBytes, snippets }),
  };
  return codecs as Record<`${P}-${"hex" | "base64" | "base64url" | "bytes"}`, TransformCodec>;
}
