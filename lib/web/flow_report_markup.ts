/** HTML in which every text is escaped unless it is markup already. */
import { escapeForeignText } from "../base/foreign_text.ts";

/** Markup that is ready: nothing in it is escaped again. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Insert = string | number | Markup | null | readonly Insert[];

/**
 * A template of HTML; inserted texts are escaped, for content and for quoted attributes alike. It is not
 * called `html`, because formatters lay such templates out anew, and white space between values counts.
 */
export function markup(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Markup {
  return new Markup(String.raw({ raw: parts }, ...inserts.map(markupOf)));
}

function markupOf(insert: Insert): string {
  if (insert === null) return "";
  if (insert instanceof Markup) return insert.text;
  return typeof insert === "string" || typeof insert === "number"
    ? escapeHtml(String(insert))
    : insert.map(markupOf).join("");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control and bidirectional characters are shown as escapes; then the five characters of markup. */
function escapeHtml(text: string): string {
  return escapeForeignText(text).replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}
