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

/** Line ends, `;`, `&`, `|`, brackets and backquotes outside quotes are words of their own. */
export function shellWords(text: string): string[] {
  return isCmd(text) ? bareWords(withoutCarets(text)) : bareWords(text);
}

/** "Copy as cURL (cmd)" quotes with `^"`, or goes on in the next line after a caret. */
function isCmd(text: string): boolean {
  return /\^"|\^\r?\n/.test(text);
}

/** The text as cmd hands it to the program: `^"` is a quote, `^\^"` an escaped one, `^` and a line end a space. */
function withoutCarets(text: string): string {
  return text.replace(/\^\r?\n\r?\n/g, "\n").replace(/\^\r?\n/g, " ").replace(/\^([\s\S])/g, "$1");
}

function bareWords(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  const end = () => {
    if (word !== null) words.push(word);
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
    } else if (char === "'" || char === '"') {
      const quoted = char === "'" ? single(text, at + 1) : double(text, at + 1);
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

function double(text: string, start: number): Quoted {
  let value = "";
  let at = start;
  for (; at < text.length && text[at] !== '"'; at++) {
    if (text[at] === "\\" && /["\\$`]/.test(text[at + 1] ?? "")) at++;
    value += text[at];
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
