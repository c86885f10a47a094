import { decodeCharacterReferences } from "../../http/html_entities.ts";
import { decoding } from "./decoding.ts";

/**
 * Character references of HTML and XML: numbers below 1,000,000 and the five names that escaping
 * functions write. The other 2,226 names of HTML stand in prose, not in values.
 */
export const htmlUnescape = decoding("html-unescape", {
  mayBe: (text) => text.includes("&"),
  decode: decodeCharacterReferences,
  encode: (fresh) =>
    fresh.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;"),
  write: "unescape_html",
  snippets: [`/** The character references of HTML that stand in attribute values and scripts. */
function unescape_html(text: string): string {
  const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text.replace(/&(?:#0*(\\d{1,6})|#x0*([0-9a-f]{1,5})|(amp|lt|gt|quot|apos));/gi, (_, dec, hex, name) =>
    name ? named[name.toLowerCase()] ?? "" : String.fromCodePoint(dec ? Number(dec) : parseInt(hex, 16)));
}`],
});
