/** How the bytes of a digest are written: the same for plain digests, HMAC and PBKDF2. */
import { base64EncodeBytes, toBase64Url } from "../../http/base64.ts";
import { hexOf, type Value } from "../bytes.ts";
import type { TransformCodec } from "../codec.ts";
import type { Uses, Written } from "../code.ts";

export type DigestEncoding = "hex" | "base64" | "base64url" | "bytes";

/** Digest and key derivation by the name that `node:crypto` has for the hash. */
export type Hash = "md5" | "sha1" | "sha256" | "sha512";

export const WEB_CRYPTO_NAMES: Readonly<Record<Hash, string>> = {
  md5: "MD5",
  sha1: "SHA-1",
  sha256: "SHA-256",
  sha512: "SHA-512",
};

/** What a family of transforms has in common. */
export interface DigestFamily {
  /** For people: `HMAC-SHA-256`. */
  readonly name: string;
  /** The bytes of the digest. */
  digest(args: readonly Value[]): Uint8Array;
  /** Code that yields the bytes of the digest. */
  writeBytes(args: readonly Written[], uses: Uses): string;
  /** The short form, for arguments that are all texts. */
  writeText?(args: readonly Written[], encoding: "hex" | "base64", uses: Uses): string;
  readonly snippets: readonly string[];
}

/** One transform for each encoding: `sha1-hex`, `sha1-base64`, … */
export function encodedDigests<P extends string>(
  prefix: P,
  family: DigestFamily,
): Readonly<Record<`${P}-${DigestEncoding}`, TransformCodec>> {
  const of = (encoding: DigestEncoding): TransformCodec => ({
    describe: encoding === "bytes" ? family.name : `${family.name} in ${encoding}`,
    yields: encoding === "bytes" ? "bytes" : "text",
    apply: (args) => encoded(family.digest(args), encoding),
    write: (args, uses) => writeDigest(family, args, encoding, uses),
    snippets: [ENCODE_DIGEST, ...family.snippets],
  });
  const codecs = {
    [`${prefix}-hex`]: of("hex"),
    [`${prefix}-base64`]: of("base64"),
    [`${prefix}-base64url`]: of("base64url"),
    [`${prefix}-bytes`]: of("bytes"),
  };
  return codecs as Record<`${P}-${DigestEncoding}`, TransformCodec>;
}

function encoded(digest: Uint8Array, encoding: DigestEncoding): Value {
  switch (encoding) {
    case "hex":
      return hexOf(digest);
    case "base64":
      return base64EncodeBytes(digest);
    case "base64url":
      return toBase64Url(base64EncodeBytes(digest));
    case "bytes":
      return digest;
  }
}

function writeDigest(
  family: DigestFamily,
  args: readonly Written[],
  encoding: DigestEncoding,
  uses: Uses,
): string {
  if (encoding === "bytes") return family.writeBytes(args, uses);
  const base = encoding === "hex" ? "hex" : "base64";
  const isText = args.every(({ yields }) => yields === "text");
  const code = isText && family.writeText !== undefined
    ? family.writeText(args, base, uses)
    : uses.call("encode_digest", family.writeBytes(args, uses), `"${base}"`);
  return encoding === "base64url" ? uses.call("url_safe", code) : code;
}

const ENCODE_DIGEST =
  `function encode_digest(bytes: Uint8Array, encoding: "hex" | "base64"): string {
  if (encoding === "base64") return base64_bytes(bytes);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}`;
