/** The transforms from text to text that a client applies before it sends a value. */
import { createHash, createHmac } from "node:crypto";
import { base64Decode, base64Encode, base64UrlEncode } from "../http/base64.ts";
import type { TransformOp } from "./flow.ts";

/** `sha256-base64`, `hmac-sha1-hex`, …: algorithm and encoding of the digest. */
const DIGEST_OP = /^(hmac-)?(md5|sha1|sha256|sha512)-(hex|base64)$/;

/**
 * The result of a transform; texts are taken as UTF-8.
 *
 * `url-encode` is `encodeURIComponent`, `form-encode` is the serialisation of
 * `application/x-www-form-urlencoded` (WHATWG URL section 5.2), `base64-decode` accepts both
 * alphabets, padded or not.
 *
 * @throws {Error} when the arguments are not in the domain of the transform.
 */
export function applyTransform(op: TransformOp, args: readonly string[]): string {
  if (DIGEST_OP.test(op)) return digestOf(op, args);
  const text = argument(op, args, 0);
  switch (op) {
    case "base64":
      return base64Encode(text);
    case "base64url":
      return base64UrlEncode(text);
    case "base64-decode":
      return base64Decode(text) ?? outOfDomain(op);
    case "url-encode":
      return encodeURIComponent(text);
    case "url-decode":
      return decodeUrlText(text) ?? outOfDomain(op);
    case "form-encode":
      return new URLSearchParams([["", text]]).toString().slice(1);
    case "json-escape":
      return JSON.stringify(text).slice(1, -1);
    case "xml-escape":
      return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
        .replaceAll('"', "&quot;");
    case "lower":
      return text.toLowerCase();
    case "upper":
      return text.toUpperCase();
    case "pkce-s256":
      return createHash("sha256").update(text).digest("base64url");
    default:
      throw new Error(`Unknown transform "${op}"`);
  }
}

/** `decodeURIComponent` that answers `undefined` for a malformed escape. */
export function decodeUrlText(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function digestOf(op: TransformOp, args: readonly string[]): string {
  const [algorithm = "", encoding] = op.replace("hmac-", "").split("-");
  const digestEncoding = encoding === "hex" ? "hex" : "base64";
  const first = argument(op, args, 0);
  return op.startsWith("hmac-")
    ? createHmac(algorithm, first).update(argument(op, args, 1)).digest(digestEncoding)
    : createHash(algorithm).update(first).digest(digestEncoding);
}

function argument(op: string, args: readonly string[], index: number): string {
  const value = args[index];
  if (value === undefined) throw new Error(`Transform "${op}" lacks argument ${index + 1}`);
  return value;
}

function outOfDomain(op: TransformOp): never {
  throw new Error(`Transform "${op}" cannot be applied to this value`);
}
