import { parseJson } from "../../base/json.ts";
import type { OpenerCodec } from "../codec.ts";

/** What a JSON string literal without its quotes stands for (RFC 8259 section 7). */
export interface JsonUnescapeOpener {
  readonly kind: "json-unescape";
}

export const jsonUnescape: OpenerCodec<JsonUnescapeOpener> = {
  *find(text) {
    const unescaped = text.includes("\\") ? unescapeJson(text) : undefined;
    if (unescaped !== undefined) yield [{ kind: "json-unescape" }, unescaped];
  },
  take: (_, text) => unescapeJson(text),
  put: (_opener, _text, fresh) => JSON.stringify(fresh).slice(1, -1),
  write: (_, text) => `JSON.parse(\`"\${${text}}"\`)`,
  describe: () => "json-unescape",
};

function unescapeJson(text: string): string | undefined {
  const value = parseJson(`"${text}"`);
  return typeof value === "string" ? value : undefined;
}
