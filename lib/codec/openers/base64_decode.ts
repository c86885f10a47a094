import { base64Decode } from "../../http/base64.ts";
import { base64Like } from "../base64_like.ts";
import type { OpenerCodec } from "../codec.ts";

/** Base64 or base64url of UTF-8 (RFC 4648 sections 4 and 5), padded or not. */
export interface Base64DecodeOpener {
  readonly kind: "base64-decode";
}

export const base64DecodeOpener: OpenerCodec<Base64DecodeOpener> = {
  *find(text) {
    const decoded = /^[\w+/-]{8,}={0,2}$/.test(text) ? base64Decode(text) : undefined;
    if (decoded !== undefined && decoded !== "") yield [{ kind: "base64-decode" }, decoded];
  },
  take: (_, text) => base64Decode(text),
  put: (_, text, fresh) => fresh.isWellFormed() ? base64Like(text, fresh) : undefined,
  write: (_, text, uses) => uses.call("base64_decode", text),
  describe: () => "base64-decode",
  snippets: [`/** The text of base64 or base64url. */
function base64_decode(text: string): string {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/").replaceAll("=", ""));
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}`],
};
