import { utf8Text } from "../../http/base64.ts";
import { bytesOf, hexBytes, hexOf } from "../bytes.ts";
import { decoding } from "./decoding.ts";

/** Hex of UTF-8 (RFC 4648 section 8). */
export const hexDecode = decoding("hex-decode", {
  mayBe: ({ length }) => length >= 8,
  decode(text) {
    const bytes = hexBytes(text);
    return bytes === undefined ? undefined : utf8Text(bytes);
  },
  encode(fresh, old) {
    const hex = hexOf(bytesOf(fresh));
    return /[A-F]/.test(old) ? hex.toUpperCase() : hex;
  },
  write: "hex_decode",
  snippets: [`/** The text of hex. */
function hex_decode(text: string): string {
  const bytes = (text.match(/../g) ?? []).map((pair) => parseInt(pair, 16));
  return new TextDecoder().decode(Uint8Array.from(bytes));
}`],
});
