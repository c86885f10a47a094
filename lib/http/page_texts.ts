/** What a page says to whoever reads it, text by text, its scripts and styles left out. */
import { readHtml } from "./read_html.ts";

/** Attributes that are read out or shown. */
const SHOWN = ["value", "placeholder", "title", "alt", "aria-label", "content"];
const UNSAID = new Set(["script", "style"]);
/** Longer texts are prose. In UTF-16 units. */
const MAX_TEXT = 200;

/** Each text once, white space folded. */
export function pageTexts(html: string): string[] {
  const found = new Set<string>();
  const note = (text: string) => {
    const folded = text.replace(/\s+/g, " ").trim();
    if (folded !== "" && folded.length <= MAX_TEXT) found.add(folded);
  };
  let unsaid = 0;
  readHtml(html, {
    onopentag(tag, attributes) {
      if (UNSAID.has(tag)) unsaid++;
      for (const name of SHOWN) note(attributes[name] ?? "");
    },
    ontext(text) {
      if (unsaid === 0) note(text);
    },
    onclosetag(tag) {
      if (UNSAID.has(tag)) unsaid--;
    },
  });
  return [...found];
}
