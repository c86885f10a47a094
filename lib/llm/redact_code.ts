/** The code of a page's script without its data: how a value is computed is what a model has to read there. */
import { type CodeToken, codeTokens } from "../script/code_tokens.ts";
import { dataIslands } from "./data_islands.ts";
import type { Redaction } from "./redaction.ts";
import { constantUrl } from "./shown_url.ts";
import { areOwnWords } from "./sentence_words.ts";
import { isHarmless } from "./vocabulary.ts";

/** Algorithms are full of 16, 64 and 256; a PIN has four digits. */
const SHORT_NUMBER = /^(\d{1,3}n?|0x[0-9a-f]{1,2})$/i;
/** No number that belongs to somebody is shifted, masked or divided by; one is added to a text, or compared. */
const ARITHMETIC = /^(?:[%^&|*\/]|\*\*|<<|>>>?)=?$/;
/** JSON, in which pages are handed data, writes no number so (RFC 8259 section 6). */
const CODE_NUMBER = /^0[xob][\da-f]{1,8}n?$/i;
const TRACE_ID = /^t_[\d_]+$/;
/** Shorter runs of letters are escapes, classes and flags. */
const PATTERN_WORD = /[\p{L}\p{N}_]{4,}/gu;

/** Whose code it is decides what its texts are. */
export type CodeOrigin =
  /** A page somebody was served: what its code is handed are values like any other. */
  | "page"
  /** A page that was served before its reader was known: its texts are the application's. */
  | "anybody"
  /** A file everybody is served: its numbers are shown, its texts are constants of the client. */
  | "asset"
  /** A script of ours, which holds nothing but constants. */
  | "own";

/** `null` when the text is not JavaScript. Comments are left out. */
export function redactCode(code: string, redaction: Redaction, origin: CodeOrigin): string | null {
  const tokens = codeTokens(code);
  if (tokens === null) return null;
  const data = origin === "page" || origin === "anybody" ? dataIslands(tokens) : new Set();
  let shown = "";
  let at = 0;
  for (const [index, token] of tokens.entries()) {
    const isOperand = isComputedWith(tokens[index - 1]) || isComputedWith(tokens[index + 1]);
    const as = isOperand && token.kind === "number"
      ? token.text
      : isMemberName(tokens, index)
      ? `"${redaction.name(token.text)}"`
      : data.has(index)
      ? redactToken(token, redaction, "page")
      : isOwnLiteral(tokens, index, redaction, origin)
      ? rawText(token, code)
      : redactToken(token, redaction, origin);
    shown += gap(code.slice(at, token.start)) + as;
    at = token.end;
  }
  return shown.trim();
}

/** @param raw as it stands in the code, for what is shown as it is; else a text gets double quotes */
export function redactToken(
  token: CodeToken,
  redaction: Redaction,
  origin: CodeOrigin,
  raw: string | null = null,
): string {
  switch (token.kind) {
    case "comment":
      return "";
    case "string": {
      const shown = textOf(token.text, redaction, origin);
      return shown === token.text && raw !== null ? raw : `"${escaped(token.text, shown)}"`;
    }
    case "template": {
      const shown = textOf(token.text, redaction, origin);
      return shown === token.text && raw !== null ? raw : shown;
    }
    case "number":
      return origin !== "page" || SHORT_NUMBER.test(token.text) || CODE_NUMBER.test(token.text)
        ? token.text
        : redaction.show(token.text);
    case "regexp":
      return isPlainPattern(token.text)
        ? token.text
        : `/${redaction.show(token.text.slice(1, -1))}/`;
    case "name":
      return origin === "own" && !redaction.showsName(token.text)
        ? redaction.constant(token.text)
        : redaction.name(token.text);
    case "other":
      return token.text;
  }
}

/**
 * A text of a page's code that is the application's: nobody was known yet, or everybody is served it, or the code
 * puts it beside something. What is handed to the code (`name = "…"`, `greet("…")`) may be its reader's.
 */
function isOwnLiteral(
  tokens: readonly CodeToken[],
  index: number,
  redaction: Redaction,
  origin: CodeOrigin,
): boolean {
  const { kind, text } = tokens[index]!;
  if (origin !== "page" && origin !== "anybody" || kind !== "string" && kind !== "template") {
    return false;
  }
  if (
    !isPlainText(text, redaction) || redaction.texts.isAbout(text) || redaction.texts.isSent(text)
  ) return false;
  if (origin === "anybody" || redaction.texts.isPublic(text)) return true;
  const isFilled = kind === "template" &&
    (tokens[index - 1]?.text === "}" || tokens[index + 1]?.text === "${");
  return !mayNameSomebody(text) && (isFilled || isBesideSomething(tokens, index));
}

/** Written as names and numbers of somebody are; scripts without capitals do not tell names from other words. */
function mayNameSomebody(text: string): boolean {
  return /\p{Lu}\p{Ll}|\p{Lo}/u.test(text) || (text.match(/\d/g) ?? []).length >= MIN_DIGITS;
}

/** Joined or compared, or an argument of a method of the language or of the browser. */
function isBesideSomething(tokens: readonly CodeToken[], index: number): boolean {
  const [method, before, after] = [index - 2, index - 1, index + 1].map((at) =>
    tokens[at]?.text ?? ""
  );
  if (JOINED.test(before!) || JOINED.test(after!)) return true;
  return (before === "(" || before === ",") && METHODS.has(method!);
}

const JOINED = /^(?:\+|[!=]==?|case)$/;
const METHODS = new Set(
  ("join split replace replaceAll concat startsWith endsWith includes indexOf padStart padEnd getItem setItem removeItem " +
    "querySelector querySelectorAll getElementById getElementsByName addEventListener getAttribute setAttribute append " +
    "getRandomValues digest importKey deriveBits deriveKey sign verify encrypt decrypt setRequestHeader open")
    .split(" "),
);

function rawText({ kind, text, start, end }: CodeToken, code: string): string {
  return kind === "string" ? `"${escaped(text, text)}"` : code.slice(start, end);
}

/** `{"who": …}`, `row["who"]`: names of members, as those without quotes are. */
function isMemberName(tokens: readonly CodeToken[], index: number): boolean {
  if (tokens[index]!.kind !== "string") return false;
  const [object, before, after] = [index - 2, index - 1, index + 1].map((at) => tokens[at]);
  if (after?.text === ":") return before?.text === "{" || before?.text === ",";
  const isAccessed = object?.kind === "name" || object?.text === ")" || object?.text === "]";
  return before?.text === "[" && after?.text === "]" && isAccessed;
}

function isComputedWith(token: CodeToken | undefined): boolean {
  return token?.kind === "other" && ARITHMETIC.test(token.text);
}

function textOf(text: string, redaction: Redaction, origin: CodeOrigin): string {
  if (/^[^\p{L}\p{N}]{0,3}$/u.test(text) || origin === "own" && TRACE_ID.test(text)) return text;
  if (origin === "own") {
    if (areOwnWords(text) && isOwnSentence(text)) return text;
    return /^https?:\/\//.test(text) ? constantUrl(redaction, text) : redaction.constant(text);
  }
  if (origin === "asset" && !isHarmless(text)) redaction.publish(text);
  if (/^0[xXbo]0*$/.test(text) || isAlphabet(text)) return text;
  if (redaction.isNamedInRequests(text) && redaction.showsName(text)) return text;
  if (origin === "asset" && isPlainText(text, redaction)) return text;
  if (isAffix(text, redaction)) return text;
  const inner = text.trim();
  const at = text.indexOf(inner);
  return text.slice(0, at) + redaction.show(inner) + text.slice(at + inner.length);
}

/** Words and what stands between them: no base64, no path, no number. */
function isOwnSentence(text: string): boolean {
  return /^[\p{L}\s,.:;'()-]+$/u.test(text);
}

/** Words that are about nobody and were not made up. A page may hold its reader's name, a file for all not. */
function isPlainText(text: string, redaction: Redaction): boolean {
  return text.length <= MAX_PLAIN && !/\S@\S|%[\da-f]{2}/iu.test(text) &&
    (text.match(/[\p{L}\p{N}_]+/gu) ?? []).every((word) =>
      /^\d{1,3}$/.test(word) || redaction.showsName(word)
    );
}

/** What is put before or behind a value, also in a page: `key:`, `|v2|`. Nobody is called that. */
function isAffix(text: string, redaction: Redaction): boolean {
  return text.length <= MAX_AFFIX && /^[:|;#/_.=&~+-]|[:|;#/_.=&~+-]$/.test(text) &&
    !/\s|\d{4}|\p{Lo}/u.test(text) && isPlainText(text, redaction) &&
    !redaction.texts.isAbout(text);
}

const MAX_AFFIX = 16;
/** Of a telephone number, a date, an account. */
const MIN_DIGITS = 6;

/** Longer texts of code are data, or code themselves. In UTF-16 units. */
const MAX_PLAIN = 200;
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = UPPER.toLowerCase();
const DIGITS = "0123456789";

/** Of hex, base 32, 58, 62 and 64 (RFC 4648, draft-msporny-base58). */
const ALPHABETS = new Set([
  ...[`${DIGITS}abcdef`, `${DIGITS}ABCDEF`, `${UPPER}234567`, UPPER, LOWER, DIGITS, UPPER + LOWER],
  ...[DIGITS + UPPER + LOWER, DIGITS + LOWER + UPPER, UPPER + LOWER + DIGITS],
  ...["+/", "+/=", "-_", "-_="].map((tail) => UPPER + LOWER + DIGITS + tail),
  "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
]);

/** Also one in an order of its own: chance draws no character twice in so many as good as never. */
function isAlphabet(text: string): boolean {
  if (ALPHABETS.has(text)) return true;
  return new Set(text).size === text.length && /^[!-~]+$/.test(text) &&
    (text.length >= 58 || text.length >= 32 && /^(?:[A-Z\d]+|[a-z\d]+)$/.test(text) ||
      text.length === 16 && /^[\da-f]+$/i.test(text));
}

/** What is shown as it is gets the escapes of a literal; placeholders have none to need. */
function escaped(text: string, shown: string): string {
  return shown === text ? JSON.stringify(text).slice(1, -1) : shown;
}

function isPlainPattern(text: string): boolean {
  return (text.match(PATTERN_WORD) ?? []).every((word) => isHarmless(word));
}

/** White space alone stands between tokens. */
function gap(text: string): string {
  return text.includes("\n") ? "\n" : text === "" ? "" : " ";
}
