import { decoding } from "./decoding.ts";
import { unescapeJson } from "./json_unescape.ts";

/** Escapes that JSON does not know, behind whole pairs of backslashes. */
const BYTE = /(?<!\\)((?:\\\\)*)\\x([0-9a-f]{2})/gi;
const QUOTE = /(?<!\\)((?:\\\\)*)\\'/g;

/** What a string literal of a script stands for that has `\x2D` or `\'` in it (ECMA-262 section 12.9.4). */
export const scriptUnescape = decoding("script-unescape", {
  mayBe: (text) => text.search(BYTE) >= 0 || text.search(QUOTE) >= 0,
  decode: (text) => unescapeJson(text.replace(BYTE, "$1\\u00$2").replace(QUOTE, "$1'")),
  encode: (fresh) =>
    JSON.stringify(fresh).slice(1, -1).replaceAll("-", "\\x2D").replaceAll("'", "\\'"),
  write: (text) =>
    `JSON.parse(\`"\${(${text}).replace(${BYTE}, "$1\\\\u00$2").replace(${QUOTE}, "$1'")}"\`)`,
});
