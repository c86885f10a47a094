/** HMAC (RFC 2104) of key and message, each bytes or a text's UTF-8. */
import { createHmac } from "node:crypto";
import { bytesCode } from "../bytes.ts";
import { quote } from "../code.ts";
import { argument } from "./arguments.ts";
import { type DigestFamily, type Hash, WEB_CRYPTO_NAMES } from "./digest_encoding.ts";

export function hmacFamily(hash: Exclude<Hash, "md5">): DigestFamily {
  const name = quote(WEB_CRYPTO_NAMES[hash]);
  return {
    name: `HMAC-${WEB_CRYPTO_NAMES[hash]}`,
    digest(args) {
      const op = `hmac-${hash}`;
      const mac = createHmac(hash, argument(op, args, 0));
      return mac.update(argument(op, args, 1)).digest();
    },
    writeBytes: (args, uses) =>
      `await ${uses.call("hmac_bytes", name, ...args.map((arg) => bytesCode(arg, uses)))}`,
    writeText: (args, encoding, uses) =>
      `await ${uses.call("hmac", name, ...args.map(({ code }) => code), quote(encoding))}`,
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
  };
}
