/** HTML character references in plain text (HTML standard, section 13.5). */
import { Parser } from "htmlparser2";

/** The text with `&amp;`, `&#x2F;`, `&quot;` and all other character references decoded. */
export function decodeHtmlEntities(text: string): string {
  if (!text.includes("&")) return text;
  let decoded = "";
  const parser = new Parser({ ontext: (part) => decoded += part }, { decodeEntities: true });
  parser.end(text.replaceAll("<", "&lt;"));
  return decoded;
}
