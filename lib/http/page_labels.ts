/** What a page calls itself and what it offers to do: its title, its headings and its buttons. */
import { readHtml } from "./read_html.ts";

export interface PageLabels {
  /** `""` where it has none. */
  readonly title: string;
  readonly headings: readonly string[];
  /** What pressing does something, as it says. */
  readonly buttons: readonly string[];
  /** Buttons that open or choose something, which may be called as that is: an account, a row. */
  readonly menus: readonly string[];
}

const BUTTON_TYPES = ["submit", "button", "reset"];
/** Longer texts are prose. In UTF-16 units. */
const MAX_LABEL = 80;

export function pageLabels(html: string): PageLabels {
  const found: Record<LabelKind, string[]> = { title: [], heading: [], button: [], menu: [] };
  let open: { readonly tag: string; readonly kind: LabelKind; text: string } | null = null;
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
  return {
    title: found.title[0] ?? "",
    headings: found.heading,
    buttons: found.button,
    menus: found.menu,
  };
}

type LabelKind = "title" | "heading" | "button" | "menu";

function kindOf(
  tag: string,
  attributes: Readonly<Record<string, string>>,
): LabelKind | null {
  if (tag === "title") return "title";
  if (/^h[12]$/.test(tag)) return "heading";
  if (tag !== "button" && attributes["role"]?.toLowerCase() !== "button") return null;
  return opensSomething(attributes) || choosesOne(attributes) ? "menu" : "button";
}

/** By its state (WAI-ARIA 1.2 section 6.6), or by what its class calls it. */
function opensSomething(attributes: Readonly<Record<string, string>>): boolean {
  return ["aria-haspopup", "aria-expanded", "aria-selected", "aria-current"].some((name) =>
    attributes[name] !== undefined
  ) || MENU_CLASS.test(attributes["class"] ?? "");
}

/** A form is told which of several things was pressed by a number or an id. */
function choosesOne({ name = "", value = "" }: Readonly<Record<string, string>>): boolean {
  return name !== "" && /\d/.test(value);
}

const MENU_CLASS =
  /(?:^|[\s_-])(?:user|account|profile|avatar|dropdown|menu|tab|person|member)(?:$|[\s_-])/i;

function note(labels: string[], text: string): void {
  const label = text.replace(/\s+/g, " ").trim();
  if (label !== "" && label.length <= MAX_LABEL && !labels.includes(label)) labels.push(label);
}
