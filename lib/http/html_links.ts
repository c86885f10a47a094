/** The links of a page with where they stand in it (HTML standard section 4.6, "Links"). */
import { readHtml } from "./read_html.ts";
import { parseUrl } from "./url.ts";

export interface HtmlLink {
  /** Absolute. */
  readonly url: URL;
  /** Lower case. */
  readonly relations: readonly string[];
  /** The elements around it, the innermost last: `tbody>tr>td`. */
  readonly place: string;
  /** In the navigation, the header or the footer of the page. */
  readonly isFrame: boolean;
}

/** Links of one page that are read. */
const MAX_LINKS = 2000;
/** Elements of a place. */
const MAX_AROUND = 6;
const INERT = new Set(["template", "noscript"]);
const FRAME_TAGS = new Set(["nav", "header", "footer", "aside", "menu"]);
const FRAME_ROLES = new Set(["navigation", "banner", "contentinfo", "tablist", "menu", "menubar"]);

interface OpenElement {
  readonly tag: string;
  readonly isFrame: boolean;
  readonly isInert: boolean;
}

/** Of `a`, `area` and `link`, in page order. `pageUrl`: where the page came from. */
export function htmlLinks(html: string, pageUrl: string): HtmlLink[] {
  const open: OpenElement[] = [];
  const links: HtmlLink[] = [];
  let base = pageUrl;
  let hasBase = false;
  readHtml(html, {
    onopentag(tag, attributes) {
      const around = open.at(-1);
      const href = attributes["href"]?.trim();
      if (tag === "base" && href !== undefined && !hasBase) {
        hasBase = true;
        base = parseUrl(href, pageUrl)?.href ?? pageUrl;
      }
      const isLink = tag === "a" || tag === "area" || tag === "link";
      if (isLink && href !== undefined && !around?.isInert && links.length < MAX_LINKS) {
        const url = parseUrl(href, base);
        const relations = (attributes["rel"] ?? "").toLowerCase().split(/\s+/);
        const place = open.slice(-MAX_AROUND).map((one) => one.tag).join(">");
        if (url !== null) {
          links.push({ url, relations, place, isFrame: around?.isFrame ?? false });
        }
      }
      const role = attributes["role"]?.toLowerCase() ?? "";
      const isFrame = (around?.isFrame ?? false) || FRAME_TAGS.has(tag) || FRAME_ROLES.has(role);
      open.push({ tag, isFrame, isInert: (around?.isInert ?? false) || INERT.has(tag) });
    },
    onclosetag(tag) {
      const at = open.findLastIndex((one) => one.tag === tag);
      if (at >= 0) open.length = at;
    },
  });
  return links;
}
