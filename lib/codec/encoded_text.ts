/**
 * Finding a value inside other text in whatever encoding it stands there, and putting another value
 * in its place in that same encoding.
 *
 * Letters and digits stand for themselves in every encoding of the Web; what differs is how the
 * characters between them are written. So a value becomes a pattern in which each other character
 * may be written as itself, percent-encoded once or twice (RFC 3986 section 2.1), as `+` (form
 * encoding of a space), as an HTML character reference, or escaped as in JSON. Base64 is not found
 * this way: text in base64 is opened before.
 */

/** Where text stands when nothing tells the encoding of a match. */
export type TextContext = "url" | "html" | "json" | "text";

/** From this length a value is taken for itself even inside a longer run of letters and digits. */
const UNMISTAKABLE_LENGTH = 16;

/** Longest part of a value that becomes one pattern. In characters. */
const MAX_PART = 1024;

/** A place of a text in which a value stands. */
interface Occurrence {
  readonly start: number;
  readonly end: number;
  /** How each character that is not a letter or digit is written. */
  readonly written: readonly string[];
}

type Style = "literal" | "percent" | "percent-lower" | "percent-twice" | "html" | "json";

/** No character is written longer: `%25F0%259F%2598%2580`, or a reference with some zeros. In UTF-16 units. */
const MAX_WRITTEN = 32;

const HTML_NAMES: Readonly<Record<string, string>> = {
  "&": "amp",
  "<": "lt",
  ">": "gt",
  '"': "quot",
  "'": "apos",
};

export class EncodedText {
  readonly value: string;
  /** The longest run of letters and digits: where it is missing, the value is missing. */
  readonly anchor: string;
  /** More than the value takes in any encoding. In UTF-16 units. */
  readonly #reach: number;
  #patterns: readonly RegExp[] | undefined;

  constructor(value: string) {
    this.value = value;
    const runs = value.match(/[A-Za-z0-9]+/g) ?? [""];
    this.anchor = runs.reduce((longest, run) => run.length > longest.length ? run : longest);
    this.#reach = value.length + MAX_WRITTEN * (1 + specialsOf(value).length);
  }

  isIn(text: string): boolean {
    return !this.#matches(text).next().done;
  }

  /** Where it stands, in order. */
  spansIn(text: string): { start: number; end: number }[] {
    return [...this.#matches(text)].map(({ start, end }) => ({ start, end }));
  }

  /** Where it stands around these places of its anchor, which ascend. */
  *around(text: string, anchors: readonly number[]): Generator<Occurrence> {
    let done = 0;
    for (const at of anchors) {
      const from = Math.max(0, at - this.#reach);
      const window = text.slice(from, at + this.anchor.length + this.#reach);
      for (const { start, end, written } of this.#matches(window)) {
        // What lies beside this place may be cut off by the window, and has a place of its own.
        const isHere = from + start <= at && at + this.anchor.length <= from + end;
        if (!isHere || from + start < done) continue;
        done = from + end;
        yield { start: from + start, end: done, written };
      }
    }
  }

  /** Another value in the encoding that this one was found in. */
  writtenAs({ written }: Occurrence, fresh: string, context: TextContext): string {
    return encodeLike(specialsOf(this.value), written, fresh, context);
  }

  /** The text with every occurrence replaced by `fresh`, each in the encoding it was found in. */
  replaceIn(text: string, fresh: string, context: TextContext): string {
    const found = this.#matches(text);
    return spliced(
      text,
      found.map((one) => ({ ...one, text: this.writtenAs(one, fresh, context) })),
    );
  }

  /** The text with `mark`, as it is, in place of every occurrence. */
  maskIn(text: string, mark: string): string {
    return spliced(text, this.#matches(text).map((one) => ({ ...one, text: mark })));
  }

  *#matches(text: string): Generator<Occurrence> {
    if (!text.includes(this.anchor)) return;
    const [first, ...others] = this.#patterns ??= patternSources(this.value)
      .map((source, index) => new RegExp(source, index === 0 ? "g" : "y"));
    let done = 0;
    for (const match of text.matchAll(first!)) {
      if (match.index < done) continue;
      const whole = others.reduce<Occurrence | null>(
        (held, pattern) => continued(held, pattern, text),
        occurrence(match),
      );
      if (whole === null) continue;
      done = whole.end;
      yield whole;
    }
  }
}

/** The text with others in place of parts of it, which come in order and do not overlap. */
export function spliced(
  text: string,
  parts: Iterable<{ readonly start: number; readonly end: number; readonly text: string }>,
): string {
  let result = "";
  let done = 0;
  for (const part of parts) {
    result += text.slice(done, part.start) + part.text;
    done = part.end;
  }
  return result + text.slice(done);
}

function occurrence(match: RegExpExecArray): Occurrence {
  const [text, ...written] = match;
  return { start: match.index, end: match.index + text.length, written };
}

function continued(held: Occurrence | null, pattern: RegExp, text: string): Occurrence | null {
  if (held === null) return null;
  pattern.lastIndex = held.end;
  const match = pattern.exec(text);
  if (match === null) return null;
  const { end, written } = occurrence(match);
  return { start: held.start, end, written: [...held.written, ...written] };
}

/** The pattern in parts that follow on each other: an engine takes no pattern of a long value. */
function patternSources(value: string): string[] {
  const characters = [...value];
  const parts = Math.max(1, Math.ceil(characters.length / MAX_PART));
  return Array.from(
    { length: parts },
    (_, part) =>
      patternSource(
        characters.slice(part * MAX_PART, (part + 1) * MAX_PART),
        value.length < UNMISTAKABLE_LENGTH,
      ),
  );
}

/**
 * Before and after a short value there is no letter or digit of a longer word. The last digit of an
 * escape (`%3D`, `\u003d`, `\n`, `&#61;`) is not part of a word.
 */
function patternSource(characters: readonly string[], isShort: boolean): string {
  const body = characters
    .map((char) => isPlain(char) ? char : `(${writtenForms(char).join("|")})`)
    .join("");
  if (!isShort) return body;
  const before = String.raw`(?<![A-Za-z0-9]|%[0-9A-Fa-f]?)` +
    String.raw`|(?<=%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\[bfnrt])`;
  return `(?:${before})${body}(?![A-Za-z0-9])`;
}

function isPlain(char: string): boolean {
  return /[A-Za-z0-9]/.test(char);
}

function specialsOf(value: string): string[] {
  return [...value].filter((char) => !isPlain(char));
}

/** Every way a character is written, as regular expression sources, the longest first. */
function writtenForms(char: string): string[] {
  const percent = percentEncode(char);
  const code = char.codePointAt(0)!;
  const units = char.split("").map((unit) => unit.charCodeAt(0).toString(16).padStart(4, "0"));
  const forms = [
    ignoringCase(percent.replaceAll("%", "%25")),
    ignoringCase(percent),
    `&#0*${code};`,
    `&#[xX]0*${ignoringCase(code.toString(16))};`,
    units.map((unit) => `\\\\u${ignoringCase(unit)}`).join(""),
  ];
  const name = HTML_NAMES[char];
  if (name !== undefined) forms.push(`&${name};`);
  if (/["\\/]/.test(char)) forms.push(`\\\\${literal(char)}`);
  if (char === " ") forms.push(literal("+"));
  forms.push(literal(char));
  return forms;
}

function encodeLike(
  specials: readonly string[],
  written: readonly string[],
  fresh: string,
  context: TextContext,
): string {
  const freshSpecials = specialsOf(fresh);
  if (freshSpecials.join("") === specials.join("")) {
    let next = 0;
    return [...fresh].map((char) => isPlain(char) ? char : written[next++]!).join("");
  }
  const style = styleOf(specials, written);
  return style === "literal" ? encodeFor(fresh, context) : encodeIn(fresh, style);
}

function styleOf(specials: readonly string[], written: readonly string[]): Style {
  const encoded = written.find((form, index) => form !== specials[index]);
  if (encoded === undefined) return "literal";
  if (encoded === "+") return "percent";
  if (encoded.startsWith("%25")) return "percent-twice";
  if (encoded.startsWith("%")) return /[a-f]/.test(encoded) ? "percent-lower" : "percent";
  return encoded.startsWith("&") ? "html" : "json";
}

function encodeIn(text: string, style: Exclude<Style, "literal">): string {
  switch (style) {
    case "percent":
      return encodeURIComponent(text);
    case "percent-lower":
      return encodeURIComponent(text).replace(/%../g, (escape) => escape.toLowerCase());
    case "percent-twice":
      return encodeURIComponent(encodeURIComponent(text));
    case "html":
      return encodeFor(text, "html");
    case "json":
      return encodeFor(text, "json");
  }
}

function encodeFor(text: string, context: TextContext): string {
  switch (context) {
    case "url":
      return encodeURIComponent(text);
    case "html":
      return text.replace(/[&<>"]/g, (char) => `&${HTML_NAMES[char]};`).replaceAll("'", "&#39;");
    case "json":
      return JSON.stringify(text).slice(1, -1);
    case "text":
      return text;
  }
}

/** Unlike `encodeURIComponent`, encodes every character. */
function percentEncode(char: string): string {
  return [...new TextEncoder().encode(char)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");
}

function ignoringCase(text: string): string {
  return text.replace(/[A-Za-z]/g, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
