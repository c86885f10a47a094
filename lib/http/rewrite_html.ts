/** Writes a page anew with other texts and attributes: the elements stay, comments and declarations go. */
import { readHtml } from "./read_html.ts";
import { VOID_TAGS } from "./void_tags.ts";

export interface HtmlRewrite {
  /** The text that stands in its place; `tag` is the innermost open element, `""` for none. */
  text(text: string, tag: string): string;
  /** The attributes of an element as they are to be. */
  attributes(
    attributes: Readonly<Record<string, string>>,
    tag: string,
  ): Readonly<Record<string, string>>;
}

/** Elements whose content is not markup (HTML standard, section 13.1.2). */
const RAW_TAGS = new Set(["script", "style"]);

export function rewriteHtml(html: string, rewrite: HtmlRewrite): string {
  const written = ["<!doctype html>"];
  const open: string[] = [];
  readHtml(html, {
    onopentag(tag, attributes) {
      const pairs = Object.entries(rewrite.attributes(attributes, tag))
        .map(([name, value]) => ` ${name}="${escaped(value)}"`);
      written.push(`<${tag}${pairs.join("")}>`);
      if (!VOID_TAGS.has(tag)) open.push(tag);
    },
    ontext(text) {
      const tag = open.at(-1) ?? "";
      const changed = rewrite.text(text, tag);
      written.push(RAW_TAGS.has(tag) ? changed : escaped(changed));
    },
    onclosetag(tag) {
      if (VOID_TAGS.has(tag)) return;
      if (open.at(-1) === tag) open.pop();
      written.push(`</${tag}>`);
    },
  });
  return written.join("");
}

const REFERENCES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => REFERENCES[char]!);
}
