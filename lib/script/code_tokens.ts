/** The tokens of JavaScript as pages carry it, for whoever shows code without its data. */
import { type Comment, parse, type Token, tokTypes } from "acorn";

export interface CodeToken {
  readonly kind: "string" | "template" | "regexp" | "number" | "name" | "comment" | "other";
  /** Offsets in UTF-16 units, the end exclusive. */
  readonly start: number;
  readonly end: number;
  /** The value of a string or of a part of a template; else the text itself. */
  readonly text: string;
}

/** In order, without white space; `null` when the text is not JavaScript. */
export function codeTokens(code: string): CodeToken[] | null {
  const tokens: Token[] = [];
  const comments: Comment[] = [];
  for (const sourceType of ["script", "module"] as const) {
    tokens.length = 0;
    comments.length = 0;
    try {
      parse(code, {
        ecmaVersion: "latest",
        sourceType,
        allowReturnOutsideFunction: true,
        onToken: tokens,
        onComment: comments,
      });
      return [
        ...tokens.filter(({ type }) => type !== tokTypes.eof).map((token) => read(token, code)),
        ...comments.map(commentToken),
      ]
        .sort((a, b) => a.start - b.start);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return null;
}

function read(token: Token, code: string): CodeToken {
  const { type, start, end } = token;
  const text = code.slice(start, end);
  const value = "value" in token ? token.value : undefined;
  switch (type) {
    case tokTypes.string:
      return { kind: "string", start, end, text: String(value) };
    case tokTypes.template:
    case tokTypes.invalidTemplate:
      return { kind: "template", start, end, text: String(value ?? text) };
    case tokTypes.regexp:
      return { kind: "regexp", start, end, text };
    case tokTypes.num:
      return { kind: "number", start, end, text };
    case tokTypes.name:
    case tokTypes.privateId:
      return { kind: "name", start, end, text };
    default:
      return { kind: "other", start, end, text };
  }
}

function commentToken({ start, end }: Comment): CodeToken {
  return { kind: "comment", start, end, text: "" };
}
