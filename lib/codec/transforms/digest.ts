/** SHA-1, SHA-256 and SHA-512 (FIPS 180-4) of bytes or of a text's UTF-8. */
import { createHash } from "node:crypto";
import { bytesCode } from "../bytes.ts";
import { quote } from "../code.ts";
import { argument } from "./arguments.ts";
import { type DigestFamily, type Hash, WEB_CRYPTO_NAMES } from "./digest_encoding.ts";

export function digestFamily(hash: Exclude<Hash, "md5">): DigestFamily {
  const name = quote(WEB_CRYPTO_NAMES[hash]);
  return {
    name: WEB_CRYPTO_NAMES[hash],
    digest: (args) => createHash(hash).update(argument(hash, args, 0)).digest(),
    writeBytes: ([arg], uses) => `await ${uses.call("digest_bytes", name, bytesCode(arg!, uses))}`,
    writeText: ([arg], encoding, uses) =>
      `await ${uses.call("digest", name, arg!.code, quote(encoding))}`,
    snippets: [
      `async function digest(algorithm: string, text: string, encoding: "hex" | "base64"): Promise<string> {
  const hash = await crypto.subtle.digest(algorithm, bytes_of(text));
  return encode_digest(new Uint8Array(hash), encoding);
}`,
      `async function digest_bytes(algorithm: string, bytes: BufferSource): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest(algorithm, bytes));
}`,
    ],
  };
}
