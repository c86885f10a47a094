/**
 * Words of a command line. bash: POSIX.1-2024 section 2.2, and ANSI-C quoting (`$'…'`) of its manual, 3.1.2.4.
 * cmd: a caret takes the next character for itself, also before the quotes of "Copy as cURL (cmd)".
 */

const ANSI_C: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  v: "\v",
  a: "\x07",
  e: "\x1b",
};

export interface ShellWords {
  /** Line ends, `;`, `&`, `|`, brackets and backquotes outside quotes are words of their own. */
  readonly words: readonly string[];
  /** Names of variables whose value the text does not hold; they stand in the words as they are written. */
  readonly unknown: readonly string[];
}

/** Variables that the text gives a value before it names them are replaced. */
export function shellWords(text: string): ShellWords {
  const variables = new ShellVariables();
  const isDoubled = DOUBLED_QUOTES.test(text);
  const words = isCmd(text)
    ? bareWords(withoutCarets(text), null, false)
    : bareWords(text, isDoubled ? null : variables, isDoubled);
  return { words, unknown: variables.unknown() };
}

/** "Copy as cURL (cmd)" quotes with `^"`, or goes on in the next line after a caret. */
function isCmd(text: string): boolean {
  return /\^"|\^\r?\n/.test(text);
}

/** The text as cmd hands it to the program: `^"` is a quote, `^\^"` an escaped one, `^` and a line end a space. */
function withoutCarets(text: string): string {
  return text.replace(/\^\r?\n\r?\n/g, "\n").replace(/\^\r?\n/g, " ").replace(/\^([\s\S])/g, "$1");
}

/** Inside of a word: how older versions of Firefox quote a quote for cmd. */
const DOUBLED_QUOTES = /[^\s"'=]""[^\s"']/;

/** A state machine: one turn for each piece of a word. `variables`: `null` where `$` means nothing. */
function bareWords(text: string, variables: ShellVariables | null, isDoubled: boolean): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  const end = () => {
    if (word !== null) {
      variables?.see(word, words.at(-1));
      words.push(word);
    }
    word = null;
  };
  while (at < text.length) {
    const char = text[at]!;
    if (char === "\\" && /^\\\r?\n/.test(text.slice(at, at + 3))) {
      at += text[at + 1] === "\r" ? 3 : 2;
    } else if (char === "\\") {
      word = (word ?? "") + (text[at + 1] ?? "");
      at += 2;
    } else if (text.startsWith("$'", at)) {
      const quoted = ansiC(text, at + 2);
      word = (word ?? "") + quoted.value;
      at = quoted.end;
    } else if (char === "$" && variables?.at(text, at)) {
      const named = variables.at(text, at)!;
      word = (word ?? "") + named.value;
      at = named.end;
    } else if (char === "'" || char === '"') {
      const quoted = char === "'"
        ? single(text, at + 1)
        : double(text, at + 1, { variables, isDoubled });
      word = (word ?? "") + quoted.value;
      at = quoted.end;
    } else if (/[\n;&|()`]/.test(char)) {
      end();
      words.push(char);
      at++;
    } else if (char === "#" && word === null) {
      const lineEnd = text.indexOf("\n", at);
      at = lineEnd < 0 ? text.length : lineEnd;
    } else if (/\s/.test(char)) {
      end();
      at++;
    } else {
      word = (word ?? "") + char;
      at++;
    }
  }
  end();
  return words;
}

/** Parameters of the shell that stand for texts (POSIX.1-2024 sections 2.5 and 2.6.2), as far as a text gives their values. */
class ShellVariables {
  readonly #values = new Map<string, string>();
  readonly #unknown = new Set<string>();

  unknown(): string[] {
    return [...this.#unknown];
  }

  /** `NAME=value` where a command may begin gives a value; one that is computed is not known. */
  see(word: string, before: string | undefined): void {
    const [, name, value = ""] = /^([A-Za-z_]\w{0,99})=([\s\S]*)$/.exec(word) ?? [];
    const begins = before === undefined ||
      /^(?:[;&|\n()]|export|declare|local|[A-Za-z_]\w*=.*)$/.test(before);
    if (name === undefined || !begins) return;
    if (/\$$|\$\(/.test(value)) this.#values.delete(name);
    else this.#values.set(name, value);
  }

  /** The value of the variable that is named there; `null` where none is. */
  at(text: string, start: number): Quoted | null {
    if (text[start] !== "$") return null;
    const found = /^\$(?:\{([A-Za-z_]\w{0,99})\}|([A-Za-z_]\w{0,99}))/.exec(
      text.slice(start, start + 104),
    );
    const name = found?.[1] ?? found?.[2];
    if (found === null || name === undefined) return null;
    const value = this.#values.get(name);
    if (value === undefined) this.#unknown.add(name);
    return { value: value ?? found[0], end: start + found[0].length };
  }
}

interface Quoted {
  readonly value: string;
  /** Behind the closing quote. */
  readonly end: number;
}

function single(text: string, start: number): Quoted {
  const close = text.indexOf("'", start);
  const stop = close < 0 ? text.length : close;
  return { value: text.slice(start, stop), end: stop + 1 };
}

function double(
  text: string,
  start: number,
  { variables, isDoubled }: {
    readonly variables: ShellVariables | null;
    readonly isDoubled: boolean;
  },
): Quoted {
  let value = "";
  let at = start;
  while (at < text.length) {
    const isQuote = text[at] === '"';
    if (isQuote && !(isDoubled && text[at + 1] === '"')) break;
    const named = variables?.at(text, at);
    if (named) {
      value += named.value;
      at = named.end;
      continue;
    }
    if (isQuote || text[at] === "\\" && /["\\$`]/.test(text[at + 1] ?? "")) at++;
    value += text[at] ?? "";
    at++;
  }
  return { value, end: at + 1 };
}

function ansiC(text: string, start: number): Quoted {
  let value = "";
  let at = start;
  while (at < text.length && text[at] !== "'") {
    const escape = /^\\(?:u([\da-f]{1,4})|U([\da-f]{1,8})|x([\da-f]{1,2})|([0-7]{1,3})|([\s\S]))/i
      .exec(text.slice(at, at + 10));
    if (escape === null) {
      value += text[at++];
      continue;
    }
    const [whole, u, long, x, octal, char] = escape;
    const code = u ?? long ?? x;
    if (code !== undefined) value += String.fromCodePoint(parseInt(code, 16));
    else if (octal !== undefined) value += String.fromCharCode(parseInt(octal, 8));
    else value += ANSI_C[char!] ?? char;
    at += whole.length;
  }
  return { value, end: at + 1 };
}
