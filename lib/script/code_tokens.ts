/** The tokens of JavaScript as pages carry it, for whoever shows code without its data. */
import { type Comment, parse, type Token, type TokenType, tokTypes } from "acorn";

export interface CodeToken {
  readonly kind: "string" | "template" | "regexp" | "number" | "name" | "comment" | "other";
  /** Offsets in UTF-16 units, the end exclusive. */
  readonly start: number;
  readonly end: number;
  /** The value of a string or of a part of a template; else the text itself. */
  readonly text: string;
}

const KINDS: ReadonlyMap<TokenType, CodeToken["kind"]> = new Map([
  [tokTypes.string, "string"],
  [tokTypes.template, "template"],
  [tokTypes.invalidTemplate, "template"],
  [tokTypes.regexp, "regexp"],
  [tokTypes.num, "number"],
  [tokTypes.name, "name"],
  [tokTypes.privateId, "name"],
]);

/** In order, without white space; `null` when the text is not JavaScript. */
export function codeTokens(code: string): CodeToken[] | null {
  for (const sourceType of ["script", "module"] as const) {
    const tokens: Token[] = [];
    const comments: Comment[] = [];
    try {
      parse(code, {
        ecmaVersion: "latest",
        sourceType,
        allowReturnOutsideFunction: true,
        onToken: tokens,
        onComment: comments,
      });
    } catch (error) {
      if (error instanceof SyntaxError) continue;
      throw error;
    }
    return [
      ...tokens.filter(({ type }) => type !== tokTypes.eof).map((token) => read(token, code)),
      ...comments.map(({ start, end }) => ({ start, end, text: "", kind: "comment" as const })),
    ].sort((a, b) => a.start - b.start);
  }
  return null;
}

function read(token: Token, code: string): CodeToken {
  const { type, start, end } = token;
  const kind = KINDS.get(type) ?? "other";
  const text = code.slice(start, end);
  const value = "value" in token ? token.value : undefined;
  const isText = kind === "string" || kind === "template";
  return { start, end, text: isText ? String(value ?? text) : text, kind };
}
