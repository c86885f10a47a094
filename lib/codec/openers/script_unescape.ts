import { parseJson } from "../../base/json.ts";
import type { OpenerCodec } from "../codec.ts";

/** What a string literal of a script stands for that has `\x2D` or `\'` in it (ECMA-262 section 12.9.4). */
export interface ScriptUnescapeOpener {
  readonly kind: "script-unescape";
}

/** Escapes that JSON does not know, behind whole pairs of backslashes. */
const BYTE = /(?<!\\)((?:\\\\)*)\\x([0-9a-f]{2})/gi;
const QUOTE = /(?<!\\)((?:\\\\)*)\\'/g;

export const scriptUnescape: OpenerCodec<ScriptUnescapeOpener> = {
  *find(text) {
    const isOwn = text.search(BYTE) >= 0 || text.search(QUOTE) >= 0;
    const unescaped = isOwn ? unescapeScript(text) : undefined;
    if (unescaped !== undefined) yield [{ kind: "script-unescape" }, unescaped];
  },
  take: (_, text) => unescapeScript(text),
  put: (_opener, _text, fresh) =>
    JSON.stringify(fresh).slice(1, -1).replaceAll("-", "\\x2D").replaceAll("'", "\\'"),
  write: (_, text) =>
    `JSON.parse(\`"\${(${text}).replace(${BYTE}, "$1\\\\u00$2").replace(${QUOTE}, "$1'")}"\`)`,
  describe: () => "script-unescape",
};

function unescapeScript(text: string): string | undefined {
  const value = parseJson(`"${text.replace(BYTE, "$1\\u00$2").replace(QUOTE, "$1'")}"`);
  return typeof value === "string" ? value : undefined;
}
