/** Bytes as text, and text as bytes. */
import {
  base64Decode,
  base64DecodeBytes,
  base64EncodeBytes,
  toBase64Url,
} from "../../http/base64.ts";
import { bytesOf, hexBytes, hexOf } from "../bytes.ts";
import { bytes, text } from "./transform.ts";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export const ENCODINGS = {
  /** Of bytes, or of a text's UTF-8 (RFC 4648 section 4). */
  "base64": text("base64", ["value"], {
    apply: (value) => base64EncodeBytes(bytesOf(value)),
    write: ([code], uses, [arg]) =>
      uses.call(arg!.yields === "bytes" ? "base64_bytes" : "base64", code!),
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
  }),
  /** Without padding (RFC 4648 section 5). */
  "base64url": text("base64url", ["value"], {
    apply: (value) => toBase64Url(base64EncodeBytes(bytesOf(value))),
    write: ([code], uses, [arg]) =>
      arg!.yields === "bytes"
        ? uses.call("url_safe", uses.call("base64_bytes", code!))
        : uses.call("base64url", code!),
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
  }),
  /** In either alphabet, padded or not; so with the bytes. */
  "base64-decode": text("the text in base64", ["text"], {
    apply: base64Decode,
    write: "base64_decode",
  }),
  "base64-bytes": bytes("the bytes in base64", ["text"], {
    apply: base64DecodeBytes,
    write: "base64_to_bytes",
    snippets: [`/** The bytes of base64 or base64url. */
function base64_to_bytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/").replaceAll("=", ""));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}`],
  }),
  /** In lower case (RFC 4648 section 8); `upper` makes the other case. */
  "hex": text("hex", ["bytes"], {
    apply: hexOf,
    write: "hex",
    snippets: [`/** Bytes as hex digits. */
function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}`],
  }),
  "hex-bytes": bytes("the bytes in hex", ["text"], {
    apply: hexBytes,
    write: "hex_to_bytes",
    snippets: [`/** The bytes of hex digits. */
function hex_to_bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}`],
  }),
  /** RFC 4648 section 6, padded or not: keys of authenticator apps. */
  "base32-bytes": bytes("the bytes in base32", ["text"], {
    apply(text) {
      const digits = [...text.toUpperCase().replace(/[=\s]/g, "")].map((char) =>
        BASE32.indexOf(char)
      );
      const bits = digits.map((digit) => digit.toString(2).padStart(5, "0")).join("");
      return digits.includes(-1)
        ? undefined
        : Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => parseInt(byte, 2));
    },
    write: "base32_bytes",
    snippets: [`/** The bytes in base32 (RFC 4648 section 6). */
function base32_bytes(text: string): Uint8Array<ArrayBuffer> {
  const digits = [...text.toUpperCase().replace(/[=\\s]/g, "")];
  const bits = digits.map((char) =>
    "${BASE32}".indexOf(char).toString(2).padStart(5, "0")
  ).join("");
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => parseInt(byte, 2));
}`],
  }),
  "utf8": bytes("the text's UTF-8", ["bytes"], {
    apply: (bytes) => bytes,
    write: ([code]) => code!,
  }),
  "utf8-text": text("the text of UTF-8", ["bytes"], {
    apply: textOf,
    write: ([code]) => `new TextDecoder().decode(${code})`,
  }),
  /** One byte for each character: `atob` and binary strings. Characters beyond 255 are refused. */
  "latin1": bytes("the text's Latin-1", ["text"], {
    apply: (text) =>
      // deno-lint-ignore no-control-regex -- all of Latin-1 is meant
      /^[\x00-\xff]*$/.test(text) ? Uint8Array.from(text, (char) => char.charCodeAt(0)) : undefined,
    write: ([text]) => `Uint8Array.from(${text}, (char) => char.charCodeAt(0))`,
  }),
};

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
