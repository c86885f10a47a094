/**
 * PBKDF2 (RFC 8018 section 5.2) of password, salt, iterations and length in bytes; password and salt are
 * bytes or a text's UTF-8, the numbers are texts, because an answer may say them.
 */
import { pbkdf2Sync } from "node:crypto";
import { bytesCode, bytesOf, type Value } from "../bytes.ts";
import { quote } from "../code.ts";
import { argument, inDomain, textArg } from "./arguments.ts";
import { type DigestFamily, type Hash, WEB_CRYPTO_NAMES } from "./digest_encoding.ts";

/** More is beyond what a page makes a person wait for. */
const MAX_ITERATIONS = 10_000_000;
const MAX_LENGTH = 1024;

export function pbkdf2Family(hash: Exclude<Hash, "md5">): DigestFamily {
  const op = `pbkdf2-${hash}`;
  return {
    name: `PBKDF2-${WEB_CRYPTO_NAMES[hash]}`,
    digest: (args) =>
      pbkdf2Sync(
        bytesOf(argument(op, args, 0)),
        bytesOf(argument(op, args, 1)),
        count(op, args, 2, MAX_ITERATIONS),
        count(op, args, 3, MAX_LENGTH),
        hash,
      ),
    writeBytes: ([password, salt, iterations, length], uses) =>
      `await ${
        uses.call(
          "pbkdf2",
          quote(WEB_CRYPTO_NAMES[hash]),
          bytesCode(password!, uses),
          bytesCode(salt!, uses),
          `Number(${iterations!.code})`,
          `Number(${length!.code})`,
        )
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
  };
}

function count(op: string, args: readonly Value[], index: number, most: number): number {
  const text = textArg(op, args, index);
  const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
  return inDomain(op, number === undefined || number > most ? undefined : number);
}
