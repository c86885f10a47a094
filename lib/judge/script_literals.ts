/** The texts and numbers that a script writes down. */
import { openText } from "./open_text.ts";

export interface Literal {
  readonly text: string;
  /** The text and what it opens to. */
  readonly parts: readonly string[];
  /** From 1. */
  readonly line: number;
}

const TOKEN =
  /\/\/[^\n]*|\/\*[^]*?\*\/|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|[`{}]|[^"'`{}/]+|\//gy;

/**
 * String literals and the fixed parts of templates, also of templates within templates; comments are skipped.
 */
export function literalsOf(source: string): Literal[] {
  const literals: Literal[] = [];
  const lines = new LineCount(source);
  readSource(source, (raw, at) => {
    const text = unescaped(raw);
    literals.push({ text, parts: openText(text), line: lines.at(at) });
  }, () => {});
  return literals;
}

/** Whole numbers that the code of a script writes down, as their digits. Shorter ones are lengths and positions. */
export function numbersOf(source: string): ReadonlySet<string> {
  const numbers = new Set<string>();
  readSource(source, () => {}, (code) => {
    for (const [digits] of code.matchAll(/(?<![\w$.])\d[\d_]{3,30}(?![\w.])/g)) {
      numbers.add(digits.replaceAll("_", ""));
    }
  });
  return numbers;
}

/** Tells the fixed texts of a script with their offsets, and the code between them, each in its order. */
function readSource(
  source: string,
  literal: (raw: string, at: number) => void,
  code: (text: string) => void,
): void {
  const keep = (raw: string, at: number) => {
    if (raw !== "") literal(raw, at);
  };
  /** Braces open in each template's expression that is open. */
  const open: number[] = [];
  const token = new RegExp(TOKEN);
  /** Up to where a quote is known to end nothing: as in a pattern, where the engine sees no string. */
  const unended: Record<string, number> = { "'": 0, '"': 0 };
  let at = 0;
  while (at < source.length) {
    const quote = source[at]!;
    token.lastIndex = at;
    const match = at < (unended[quote] ?? 0) ? null : token.exec(source);
    if (match === null) {
      at++;
      // What no later quote of the line ends is not read again from each of them.
      if (at > unended[quote]!) unended[quote] = lineEnd(source, at);
    } else {
      const [text, double, single] = match;
      keep(double ?? single ?? "", at);
      if (!/^["'/]/.test(text)) code(text);
      at = token.lastIndex;
      const isEnd = text === "}" && open.at(-1) === 0;
      if (isEnd) open.pop();
      else if (open.length > 0 && /^[{}]$/.test(text)) {
        open[open.length - 1]! += text === "{" ? 1 : -1;
      }
      if (text === "`" || isEnd) at = fixedPart(source, at, open, keep);
    }
  }
}

function lineEnd(source: string, from: number): number {
  const at = source.indexOf("\n", from);
  return at === -1 ? source.length : at;
}

/**
 * Reads a template from `at` to its end or to an expression in it; answers where that is.
 * @rule off: at
 */
function fixedPart(
  source: string,
  at: number,
  open: number[],
  keep: (raw: string, at: number) => void,
): number {
  const [raw = "", end = ""] = /^((?:[^`\\$]|\\[^]|\$(?!\{))*)(`|\$\{)?/.exec(source.slice(at))!
    .slice(1);
  keep(raw, at);
  if (end === "${") open.push(0);
  return at + raw.length + end.length;
}

/** Lines from 1, asked for from the beginning of the source to its end. */
class LineCount {
  readonly #source: string;
  #line = 1;
  #counted = 0;

  constructor(source: string) {
    this.#source = source;
  }

  at(offset: number): number {
    this.#line += this.#source.slice(this.#counted, offset).split("\n").length - 1;
    this.#counted = offset;
    return this.#line;
  }
}

function unescaped(raw: string): string {
  return raw.replace(
    /\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2})|([^]))/gi,
    (_, point, unit, byte, char) => {
      const code = point ?? unit ?? byte;
      if (code !== undefined) return String.fromCodePoint(parseInt(code, 16));
      return ({ n: "\n", r: "\r", t: "\t" } as Record<string, string>)[char] ?? char;
    },
  );
}
