import { base64Decode } from "../../http/base64.ts";
import { base64Like } from "../base64_like.ts";
import { decoding } from "./decoding.ts";

/** Base64 or base64url of UTF-8 (RFC 4648 sections 4 and 5), padded or not. */
export const base64DecodeOpener = decoding("base64-decode", {
  mayBe: (text) => /^[\w+/-]{8,}={0,2}$/.test(text),
  decode: base64Decode,
  encode: (fresh, old) => fresh.isWellFormed() ? base64Like(old, fresh) : undefined,
  write: "base64_decode",
  snippets: [`/** The text of base64 or base64url. */
function base64_decode(text: string): string {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/").replaceAll("=", ""));
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}`],
});
