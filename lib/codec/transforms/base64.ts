/** Base64 and base64url of bytes, or of a text's UTF-8 (RFC 4648 sections 4 and 5). */
import {
  base64Decode,
  base64DecodeBytes,
  base64EncodeBytes,
  toBase64Url,
} from "../../http/base64.ts";
import { bytesOf } from "../bytes.ts";
import type { TransformCodec } from "../codec.ts";
import { inDomain, textArg } from "./arguments.ts";

export const base64: TransformCodec = {
  describe: "base64",
  yields: "text",
  apply: ([value = ""]) => base64EncodeBytes(bytesOf(value)),
  write: ([arg], uses) =>
    arg!.yields === "bytes" ? uses.call("base64_bytes", arg!.code) : uses.call("base64", arg!.code),
  snippets: [
    `function base64_bytes(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}`,
    `/** Base64 of the text's UTF-8. */
function base64(text: string): string {
  return base64_bytes(bytes_of(text));
}`,
  ],
};

/** Without padding. */
export const base64Url: TransformCodec = {
  describe: "base64url",
  yields: "text",
  apply: ([value = ""]) => toBase64Url(base64EncodeBytes(bytesOf(value))),
  write: ([arg], uses) =>
    arg!.yields === "bytes"
      ? uses.call("url_safe", uses.call("base64_bytes", arg!.code))
      : uses.call("base64url", arg!.code),
  snippets: [
    `/** Base64url without padding (RFC 4648 section 5). */
function base64url(text: string): string {
  return base64(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}`,
    `/** Base64 as base64url without padding (RFC 4648 section 5). */
function url_safe(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}`,
  ],
};

/** The text in base64 or base64url, padded or not. */
export const base64Text: TransformCodec = {
  describe: "the text in base64",
  yields: "text",
  apply: (args) => inDomain("base64-decode", base64Decode(textArg("base64-decode", args))),
  write: ([arg], uses) => uses.call("base64_decode", arg!.code),
};

/** The bytes in base64 or base64url, padded or not. */
export const base64Bytes: TransformCodec = {
  describe: "the bytes in base64",
  yields: "bytes",
  apply: (args) => inDomain("base64-bytes", base64DecodeBytes(textArg("base64-bytes", args))),
  write: ([arg], uses) => uses.call("base64_to_bytes", arg!.code),
  snippets: [`/** The bytes of base64 or base64url. */
function base64_to_bytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/").replaceAll("=", ""));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}`],
};
