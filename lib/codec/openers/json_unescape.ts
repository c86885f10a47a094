import { parseJson } from "../../base/json.ts";
import { decoding } from "./decoding.ts";

/** What a JSON string literal without its quotes stands for (RFC 8259 section 7). */
export const jsonUnescape = decoding("json-unescape", {
  mayBe: (text) => text.includes("\\"),
  decode: unescapeJson,
  encode: (fresh) => JSON.stringify(fresh).slice(1, -1),
  write: (text) => `JSON.parse(\`"\${${text}}"\`)`,
});

export function unescapeJson(text: string): string | undefined {
  const value = parseJson(`"${text}"`);
  return typeof value === "string" ? value : undefined;
}
