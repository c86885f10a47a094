/** MD5 (RFC 1321) of bytes or of a text's UTF-8. */
import { createHash } from "node:crypto";
import { bytesCode } from "../bytes.ts";
import { quote } from "../code.ts";
import { argument } from "./arguments.ts";
import type { DigestFamily } from "./digest_encoding.ts";

export const md5: DigestFamily = {
  name: "MD5",
  digest: (args) => createHash("md5").update(argument("md5", args, 0)).digest(),
  writeBytes: ([arg], uses) => uses.call("md5_bytes", bytesCode(arg!, uses)),
  writeText: ([arg], encoding, uses) => uses.call("md5", arg!.code, quote(encoding)),
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
};
