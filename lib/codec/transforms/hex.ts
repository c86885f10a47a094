/** Hex digits in lower case (RFC 4648 section 8); `upper` makes the other case. */
import { bytesCode, bytesOf, hexBytes, hexOf } from "../bytes.ts";
import type { TransformCodec } from "../codec.ts";
import { inDomain, textArg } from "./arguments.ts";

export const hex: TransformCodec = {
  describe: "hex",
  yields: "text",
  apply: ([value = ""]) => hexOf(bytesOf(value)),
  write: ([arg], uses) => uses.call("hex", bytesCode(arg!, uses)),
  snippets: [`/** Bytes as hex digits. */
function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}`],
};

export const hexToBytes: TransformCodec = {
  describe: "the bytes in hex",
  yields: "bytes",
  apply: (args) => inDomain("hex-bytes", hexBytes(textArg("hex-bytes", args))),
  write: ([arg], uses) => uses.call("hex_to_bytes", arg!.code),
  snippets: [`/** The bytes of hex digits. */
function hex_to_bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}`],
};
