/** What a page calls itself and what it offers to do: its title, its headings and its buttons. */
import { readHtml } from "./read_html.ts";

export interface PageLabels {
  /** `""` where it has none. */
  readonly title: string;
  readonly headings: readonly string[];
  readonly buttons: readonly string[];
}

const BUTTON_TYPES = ["submit", "button", "reset"];
/** Longer texts are prose. In UTF-16 units. */
const MAX_LABEL = 80;

export function pageLabels(html: string): PageLabels {
  const found: Record<"title" | "heading" | "button", string[]> = {
    title: [],
    heading: [],
    button: [],
  };
  let open: { readonly tag: string; readonly kind: keyof typeof found; text: string } | null = null;
  readHtml(html, {
    onopentag(tag, attributes) {
      const kind = kindOf(tag, attributes);
      if (kind !== null) open = { tag, kind, text: "" };
      if (tag === "input" && BUTTON_TYPES.includes(attributes["type"]?.toLowerCase() ?? "")) {
        note(found.button, attributes["value"] ?? "");
      }
    },
    ontext(text) {
      if (open !== null) open.text += text;
    },
    onclosetag(tag) {
      if (open === null || open.tag !== tag) return;
      note(found[open.kind], open.text);
      open = null;
    },
  });
  return { title: found.title[0] ?? "", headings: found.heading, buttons: found.button };
}

function kindOf(
  tag: string,
  attributes: Readonly<Record<string, string>>,
): "title" | "heading" | "button" | null {
  if (tag === "title") return "title";
  if (/^h[12]$/.test(tag)) return "heading";
  return tag === "button" || attributes["role"]?.toLowerCase() === "button" ? "button" : null;
}

function note(labels: string[], text: string): void {
  const label = text.replace(/\s+/g, " ").trim();
  if (label !== "" && label.length <= MAX_LABEL && !labels.includes(label)) labels.push(label);
}
