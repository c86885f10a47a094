import { utf8Text } from "../../http/base64.ts";
import { bytesOf, hexBytes, hexOf } from "../bytes.ts";
import type { OpenerCodec } from "../codec.ts";

/** Hex of UTF-8 (RFC 4648 section 8). */
export interface HexDecodeOpener {
  readonly kind: "hex-decode";
}

export const hexDecode: OpenerCodec<HexDecodeOpener> = {
  *find(text) {
    const decoded = text.length >= 8 ? hexText(text) : undefined;
    if (decoded !== undefined) yield [{ kind: "hex-decode" }, decoded];
  },
  take: (_, text) => hexText(text),
  put(_, text, fresh) {
    const hex = hexOf(bytesOf(fresh));
    return /[A-F]/.test(text) ? hex.toUpperCase() : hex;
  },
  write: (_, text, uses) => uses.call("hex_decode", text),
  describe: () => "hex-decode",
  snippets: [`/** The text of hex. */
function hex_decode(text: string): string {
  const bytes = (text.match(/../g) ?? []).map((pair) => parseInt(pair, 16));
  return new TextDecoder().decode(Uint8Array.from(bytes));
}`],
};

function hexText(text: string): string | undefined {
  const bytes = hexBytes(text);
  return bytes === undefined ? undefined : utf8Text(bytes);
}
