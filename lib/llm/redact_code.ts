/** The code of a page's script without its data: how a value is computed is what a model has to read there. */
import { type CodeToken, codeTokens } from "../script/code_tokens.ts";
import type { Redaction } from "./redaction.ts";
import { isHarmless } from "./vocabulary.ts";

/** Algorithms are full of 16, 64 and 256; a PIN has four digits. */
const SHORT_NUMBER = /^(\d{1,3}|0x[0-9a-f]{1,2})$/i;
/** A regular expression of escapes, classes and short runs of letters. */
const PLAIN_PATTERN = /^\/[^\p{L}\p{N}]*(?:[\p{L}\p{N}]{1,3}(?:[^\p{L}\p{N}]+|$))*$/u;

/**
 * `published`: everybody is served this text, so that its numbers are shown and its texts are constants
 * of the client. `null` when the text is no JavaScript.
 */
export function redactCode(code: string, redaction: Redaction, published: boolean): string | null {
  const tokens = codeTokens(code);
  if (tokens === null) return null;
  let shown = "";
  let at = 0;
  for (const token of tokens) {
    shown += gap(code.slice(at, token.start)) + redactToken(token, redaction, published);
    at = token.end;
  }
  return shown.trim();
}

function redactToken(token: CodeToken, redaction: Redaction, published: boolean): string {
  switch (token.kind) {
    case "comment":
      return "";
    case "string":
      return `"${textOf(token.text, redaction, published)}"`;
    case "template":
      return textOf(token.text, redaction, published);
    case "number":
      return published || SHORT_NUMBER.test(token.text) ? token.text : redaction.show(token.text);
    case "regexp":
      return PLAIN_PATTERN.test(token.text) ? token.text : `/${redaction.show(token.text)}/`;
    case "name":
      return redaction.name(token.text);
    case "other":
      return token.text;
  }
}

function textOf(text: string, redaction: Redaction, published: boolean): string {
  if (/^[^\p{L}\p{N}]{0,3}$/u.test(text)) return JSON.stringify(text).slice(1, -1);
  if (published && !isHarmless(text)) redaction.publish(text);
  return redaction.show(text);
}

/** White space alone stands between tokens. */
function gap(text: string): string {
  return text.includes("\n") ? "\n" : text === "" ? "" : " ";
}
