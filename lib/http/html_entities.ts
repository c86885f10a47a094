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

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

/** The same for the references that values are written with: numbers below 1,000,000 and the five names of XML. */
export function decodeCharacterReferences(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#0*(\d{1,6})|#x0*([0-9a-f]{1,5})|(amp|lt|gt|quot|apos));/gi,
    (_, decimal?: string, hex?: string, name?: string) =>
      name !== undefined
        ? NAMED[name.toLowerCase()]!
        : String.fromCodePoint(decimal === undefined ? parseInt(hex!, 16) : Number(decimal)),
  );
}
