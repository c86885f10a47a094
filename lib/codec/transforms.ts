/** What a client makes of values before it sends them. Values are texts or bytes. */
import type { Value } from "./bytes.ts";
import type { TransformCodec } from "./codec.ts";
import { AES } from "./transforms/aes.ts";
import { base64, base64Bytes, base64Text, base64Url } from "./transforms/base64.ts";
import { digestFamily } from "./transforms/digest.ts";
import { encodedDigests } from "./transforms/digest_encoding.ts";
import {
  formEncode,
  jsonEscape,
  lower,
  upper,
  urlDecodeText,
  urlEncode,
  xmlEscape,
} from "./transforms/escapes.ts";
import { hex, hexToBytes } from "./transforms/hex.ts";
import { hmacFamily } from "./transforms/hmac.ts";
import {
  add,
  baseDigits,
  divide,
  integerBytes,
  integerHex,
  integerOf,
  modPow,
  modulo,
  multiply,
  subtract,
} from "./transforms/integers.ts";
import { md5 } from "./transforms/md5.ts";
import { base32Bytes, hotp } from "./transforms/one_time_password.ts";
import { pbkdf2Family } from "./transforms/pbkdf2.ts";
import { pkceS256 } from "./transforms/pkce.ts";
import {
  padStart,
  part,
  replace,
  reverse,
  reverseBytes,
  slice,
  sliceBytes,
  translate,
} from "./transforms/text_parts.ts";
import { latin1, utf8, utf8Text } from "./transforms/utf8.ts";
import { RSA_OAEP } from "./transforms/rsa_oaep.ts";
import { xor } from "./transforms/xor.ts";

/** `…-hex`, `…-base64` and `…-base64url` yield text, `…-bytes` yields bytes to compute with. */
export const TRANSFORMS = {
  "url-encode": urlEncode,
  "url-decode": urlDecodeText,
  "form-encode": formEncode,
  "json-escape": jsonEscape,
  "xml-escape": xmlEscape,
  "base64": base64,
  "base64url": base64Url,
  "base64-decode": base64Text,
  "base64-bytes": base64Bytes,
  "hex": hex,
  "hex-bytes": hexToBytes,
  "lower": lower,
  "upper": upper,
  ...encodedDigests("sha1", digestFamily("sha1")),
  ...encodedDigests("sha256", digestFamily("sha256")),
  ...encodedDigests("sha512", digestFamily("sha512")),
  ...encodedDigests("hmac-sha1", hmacFamily("sha1")),
  ...encodedDigests("hmac-sha256", hmacFamily("sha256")),
  ...encodedDigests("hmac-sha512", hmacFamily("sha512")),
  ...encodedDigests("md5", md5),
  "pkce-s256": pkceS256,
  ...encodedDigests("pbkdf2-sha1", pbkdf2Family("sha1")),
  ...encodedDigests("pbkdf2-sha256", pbkdf2Family("sha256")),
  ...encodedDigests("pbkdf2-sha512", pbkdf2Family("sha512")),
  "utf8": utf8,
  "utf8-text": utf8Text,
  "latin1": latin1,
  "slice": slice,
  "slice-bytes": sliceBytes,
  "part": part,
  "reverse": reverse,
  "reverse-bytes": reverseBytes,
  "replace": replace,
  "translate": translate,
  "pad-start": padStart,
  "xor": xor,
  ...AES,
  ...RSA_OAEP,
  "add": add,
  "subtract": subtract,
  "multiply": multiply,
  "divide": divide,
  "modulo": modulo,
  "mod-pow": modPow,
  "integer": integerOf,
  "integer-hex": integerHex,
  "integer-bytes": integerBytes,
  "base-digits": baseDigits,
  "base32-bytes": base32Bytes,
  "hotp-sha1": hotp("sha1"),
  "hotp-sha256": hotp("sha256"),
  "hotp-sha512": hotp("sha512"),
};

/** The name of a transform: `sha256-hex`, `url-encode`. */
export type TransformOp = keyof typeof TRANSFORMS;

export function transformCodec(op: TransformOp): TransformCodec {
  return TRANSFORMS[op];
}

/**
 * The value a transform makes.
 *
 * @throws {Error} when the arguments are not in the domain of the transform.
 */
export function transformed(op: TransformOp, args: readonly Value[]): Value {
  if (args.length === 0) throw new Error(`Transform "${op}" lacks argument 1`);
  return transformCodec(op).apply(args);
}

/** As `transformed`, for what must be text. */
export function applyTransform(op: TransformOp, args: readonly Value[]): string {
  const value = transformed(op, args);
  if (typeof value !== "string") throw new Error(`Transform "${op}" yields bytes`);
  return value;
}
