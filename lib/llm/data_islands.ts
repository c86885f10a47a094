/**
 * Data in the code of a page: `window.__STATE__ = {"user": "…"}`, an object or an array assigned to something that holds
 * nothing but literals. It is an answer, whatever carries it.
 */
import type { CodeToken } from "../script/code_tokens.ts";

const WORDS = new Set(["true", "false", "null", "undefined"]);
const SIGNS = new Set(["{", "}", "[", "]", ",", ":", "-"]);

/** Indexes of the tokens that stand in such data. */
export function dataIslands(tokens: readonly CodeToken[]): ReadonlySet<number> {
  const inside = new Set<number>();
  for (let at = 1; at < tokens.length; at++) {
    if (tokens[at - 1]!.text !== "=" || !/^[{[]$/.test(tokens[at]!.text)) continue;
    const end = endOfData(tokens, at);
    for (let index = at; index < end; index++) inside.add(index);
    at = Math.max(at, end - 1);
  }
  return inside;
}

/** After the bracket that closes the one at `start`; `start` where something else than a literal stands inside. */
function endOfData(tokens: readonly CodeToken[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    const token = tokens[at]!;
    const isKey = token.kind === "name" && tokens[at + 1]?.text === ":";
    const isLiteral = token.kind === "string" || token.kind === "number" || isKey ||
      SIGNS.has(token.text) || WORDS.has(token.text) || token.kind === "comment";
    if (!isLiteral) return start;
    if (token.kind !== "other") continue;
    if (/^[{[]$/.test(token.text)) depth++;
    if (/^[}\]]$/.test(token.text) && --depth === 0) return at + 1;
  }
  return start;
}
