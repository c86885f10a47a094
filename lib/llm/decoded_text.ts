/** Text that is escaped as addresses, pages and JSON escape it. */
import { parseJson } from "../base/json.ts";
import { decodeHtmlEntities } from "../http/html_entities.ts";
import { percentDecode } from "../http/url.ts";

export interface DecodedText {
  readonly encoding: string;
  readonly decoded: string;
}

/** By the first encoding that changes the text; `undefined` where none does. */
export function decodedText(text: string): DecodedText | undefined {
  return [
    { encoding: "url-encoded", decoded: percentDecode(text) },
    { encoding: "html-escaped", decoded: decodeHtmlEntities(text) },
    { encoding: "json-escaped", decoded: unescapeJson(text) },
  ].find(({ decoded }) => decoded !== text);
}

/** One placeholder says how it is encoded; anything else is wrapped. */
export function marked(shown: string, encoding: string): string {
  return /^‹[^‹›]*›$/.test(shown) ? `${shown.slice(0, -1)}, ${encoding}›` : `${encoding}(${shown})`;
}

function unescapeJson(text: string): string {
  if (!text.includes("\\")) return text;
  const value = parseJson(`"${text}"`);
  return typeof value === "string" ? value : text;
}
