/** What a person reads on an HTML page: its texts, without scripts, styles and what is hidden. */
import { readHtml } from "./read_html.ts";
import { VOID_TAGS } from "./void_tags.ts";

/** Elements whose content is not shown where scripts run. `head` holds the title, which a tab shows. */
const UNSEEN_TAGS = new Set(["script", "style", "noscript", "template", "svg", "object", "iframe"]);
/** Elements inside a line: the text goes on behind them without a gap. */
const INLINE_TAGS = new Set(
  "a abbr b bdi code em i kbd mark q s small span strong sub sup u".split(" "),
);

/** The lines of the page in order, white space collapsed. Style sheets are not applied. */
export function visibleLines(html: string): string[] {
  const texts: string[] = [];
  /** Names of the open elements from the outermost unseen one on. */
  const unseen: string[] = [];
  readHtml(html, {
    onopentag(tag, attributes) {
      if (VOID_TAGS.has(tag)) return;
      if (unseen.length > 0 || UNSEEN_TAGS.has(tag) || isHidden(attributes)) unseen.push(tag);
      if (!INLINE_TAGS.has(tag)) texts.push("\0");
    },
    ontext(text) {
      if (unseen.length === 0) texts.push(text);
    },
    onclosetag(tag) {
      if (unseen.at(-1) === tag) unseen.pop();
      if (!INLINE_TAGS.has(tag)) texts.push("\0");
    },
  });
  return texts.join("").split("\0").map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => line !== "");
}

/** The lines as one text. */
export function visibleText(html: string): string {
  return visibleLines(html).join(" ");
}

/** Hidden by the element itself (HTML standard, section 6.1); `aria-hidden` hides from readers alone. */
function isHidden(attributes: Readonly<Record<string, string>>): boolean {
  if ("hidden" in attributes) return true;
  return /display\s*:\s*none|visibility\s*:\s*hidden/i.test(attributes["style"] ?? "");
}
