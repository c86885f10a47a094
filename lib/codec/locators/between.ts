import { isOpaque } from "../../http/opaque.ts";
import type { AnswerView } from "../answer_view.ts";
import type { LocatorCodec } from "../codec.ts";
import { quote } from "../code.ts";
import { EncodedText } from "../encoded_text.ts";
import { putInPage } from "../put_text.ts";

/** The text after `before` and up to `after`, first match: the last resort, for values in raw text. */
export interface BetweenLocator {
  readonly kind: "between";
  readonly before: string;
  /** `""`: up to the end. */
  readonly after: string;
}

/** How far the text before a value is read, in characters; enough for `"csrfToken": "` in any markup. */
const MAX_CONTEXT = 60;

/** Occurrences of a value that are tried. */
const MAX_TRIES = 50;

export const between: LocatorCodec<BetweenLocator> = {
  readsBody: true,
  *find({ text }, value) {
    for (const written of writtenForms(value, text)) {
      const locator = boundary(text, written);
      if (locator !== null) yield [locator, written];
    }
  },
  take: cut,
  put: putInPage(cut),
  write: ({ before, after }, step, uses) =>
    uses.call("between", `${step}_text`, quote(before), quote(after)),
  describe: () => "page text",
  name: () => "",
  masked: (locator, mask) => ({
    ...locator,
    before: mask.text(locator.before),
    after: mask.text(locator.after),
  }),
  snippets: [`/** The text after \`before\` and up to \`after\`, first match. */
function between(text: string, before: string, after: string): string | undefined {
  const start = text.indexOf(before);
  if (start < 0) return undefined;
  const from = start + before.length;
  const end = after === "" ? text.length : text.indexOf(after, from);
  return end < 0 ? undefined : text.slice(from, end);
}`],
};

function cut({ before, after }: BetweenLocator, { text }: AnswerView): string | undefined {
  const start = text.indexOf(before);
  if (start < 0) return undefined;
  const from = start + before.length;
  const end = after === "" ? text.length : text.indexOf(after, from);
  return end < 0 ? undefined : text.slice(from, end);
}

/** As it is, in a JSON string with any of its escapes, in markup, in a URL, in a script. */
function writtenForms(value: string, text: string): Set<string> {
  const script = [/[^A-Za-z0-9]/g, /\W/g].map((marks) => value.replace(marks, scriptEscape));
  const found = new EncodedText(value).spansIn(text).map(({ start, end }) =>
    text.slice(start, end)
  );
  return new Set([value, ...found, ...script]);
}

/** As encoders for scripts write what is not a letter or digit (OWASP XSS Prevention, rule 3). */
function scriptEscape(mark: string): string {
  const code = mark.charCodeAt(0);
  return code > 0xff ? mark : `\\x${code.toString(16).toUpperCase().padStart(2, "0")}`;
}

function boundary(text: string, written: string): BetweenLocator | null {
  let at = text.indexOf(written);
  for (let tries = 0; at >= 0 && tries < MAX_TRIES; tries++) {
    const locator = boundaryAt(text, written, at);
    if (locator !== null) return locator;
    at = text.indexOf(written, at + 1);
  }
  return null;
}

/**
 * The shortest text before the value that occurs first right there, grown to a word boundary. A token in
 * it would differ in the next session.
 */
function boundaryAt(text: string, written: string, at: number): BetweenLocator | null {
  const end = at + written.length;
  const after = text.slice(end, end + 1);
  if (/[A-Za-z0-9]/.test(after) || written.includes(after) && after !== "") return null;
  const lineStart = Math.max(text.lastIndexOf("\n", at - 1) + 1, at - MAX_CONTEXT);
  for (let start = at - 2; start >= lineStart; start--) {
    if (/\w/.test(text[start] ?? "") && /\w/.test(text[start - 1] ?? "")) continue;
    const before = text.slice(start, at);
    if (!/[A-Za-z]{2}|["'][A-Za-z]["']\s*[:=]/.test(before)) continue;
    if (before.split(/[^A-Za-z0-9_-]+/).some(isOpaque)) return null;
    if (text.indexOf(before) === start) return { kind: "between", before, after };
  }
  return null;
}
