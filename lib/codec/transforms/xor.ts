/** Exclusive or of bytes, or of texts' UTF-8, with a key that is repeated where it is shorter. */
import { bytesCode, bytesOf } from "../bytes.ts";
import type { TransformCodec } from "../codec.ts";
import { argument, inDomain } from "./arguments.ts";

export const xor: TransformCodec = {
  describe: "XOR",
  yields: "bytes",
  apply: (args) => {
    const [text, key] = [bytesOf(argument("xor", args, 0)), bytesOf(argument("xor", args, 1))];
    inDomain("xor", key.length === 0 ? undefined : key);
    return text.map((byte, index) => byte ^ key[index % key.length]!);
  },
  write: ([text, key], uses) =>
    uses.call("xor_bytes", bytesCode(text!, uses), bytesCode(key!, uses)),
  snippets: [`/** The bytes under a key that is repeated where it is shorter. */
function xor_bytes(bytes: Uint8Array<ArrayBuffer>, key: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.map((byte, index) => byte ^ key[index % key.length]!);
}`],
};
