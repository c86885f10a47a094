/** One-time passwords (HOTP, RFC 4226 section 5.3): key, counter, digits. TOTP counts the time (RFC 6238). */
import { createHmac } from "node:crypto";
import { bytesCode, bytesOf, hexBytes } from "../bytes.ts";
import { quote } from "../code.ts";
import type { TransformCodec } from "../codec.ts";
import { argument, inDomain, textArg, wholeNumber } from "./arguments.ts";
import { type Hash, WEB_CRYPTO_NAMES } from "./digest_encoding.ts";

export function hotp(hash: Exclude<Hash, "md5">): TransformCodec {
  const op = `hotp-${hash}`;
  return {
    describe: `HOTP with HMAC-${WEB_CRYPTO_NAMES[hash]}`,
    yields: "text",
    apply: (args) => {
      const counter = textArg(op, args, 1);
      const isCounter = /^\d{1,19}$/.test(counter) && BigInt(counter) < 2n ** 64n;
      const digits = wholeNumber(op, args, 2, 9);
      inDomain(op, isCounter && digits >= 1 ? counter : undefined);
      const moving = hexBytes(BigInt(counter).toString(16).padStart(16, "0"))!;
      const mac = createHmac(hash, bytesOf(argument(op, args, 0))).update(moving).digest();
      const at = mac.at(-1)! & 15;
      const number = (mac.readUInt32BE(at) & 0x7fffffff) % 10 ** digits;
      return String(number).padStart(digits, "0");
    },
    write: ([key, counter, digits], uses) =>
      `await ${
        uses.call(
          "hotp",
          quote(WEB_CRYPTO_NAMES[hash]),
          bytesCode(key!, uses),
          counter!.code,
          digits!.code,
        )
      }`,
    numbers: [2],
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
  };
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The bytes in base32 (RFC 4648 section 6), padded or not: keys of authenticator apps. */
export const base32Bytes: TransformCodec = {
  describe: "the bytes in base32",
  yields: "bytes",
  apply: (args) => {
    const text = textArg("base32-bytes", args).toUpperCase().replace(/[=\s]/g, "");
    const digits = [...text].map((char) => ALPHABET.indexOf(char));
    inDomain("base32-bytes", digits.includes(-1) ? undefined : digits);
    const bits = digits.map((digit) => digit.toString(2).padStart(5, "0")).join("");
    return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => parseInt(byte, 2));
  },
  write: ([text], uses) => uses.call("base32_bytes", text!.code),
  snippets: [`/** The bytes in base32 (RFC 4648 section 6). */
function base32_bytes(text: string): Uint8Array<ArrayBuffer> {
  const digits = [...text.toUpperCase().replace(/[=\\s]/g, "")];
  const bits = digits.map((char) =>
    "${ALPHABET}".indexOf(char).toString(2).padStart(5, "0")
  ).join("");
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => parseInt(byte, 2));
}`],
};
