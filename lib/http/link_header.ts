/** Links of an answer to its neighbours, as paged APIs (RFC 8288) and pages (HTML standard, "Link types") have them. */
import type { HeaderList } from "./exchange.ts";
import { headerValues } from "./headers.ts";
import { htmlLinks } from "./html_links.ts";
import { parseUrl } from "./url.ts";

export interface PageLink {
  /** `next`, `prev`, `first`, `last`. */
  readonly relation: string;
  /** Absolute. */
  readonly url: string;
}

const PAGE_RELATIONS = ["next", "prev", "first", "last"];

/** Of a header that is read, in characters; links of pages have some hundred. */
const MAX_LENGTH = 8 * 1024;

/** One link: a target in angle brackets and its parameters. Quoted values may hold commas. */
const LINK = /<([^<>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^\s";,]+))?)*)/g;
const RELATION = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s";,]+))/i;

/** The links to other pages, in order; `base` is the URL that was answered. */
export function pageLinks(headers: HeaderList, base: string): PageLink[] {
  const header = headerValues(headers, "link").join(", ");
  if (header === "") return [];
  return [...header.slice(0, MAX_LENGTH).matchAll(LINK)].flatMap(
    ([, target = "", parameters = ""]) => {
      const relations = RELATION.exec(parameters);
      const url = parseUrl(target, base)?.href;
      if (relations === null || url === undefined) return [];
      return (relations[1] ?? relations[2] ?? "").toLowerCase().split(/\s+/)
        .filter((relation) => PAGE_RELATIONS.includes(relation))
        .map((relation) => ({ relation, url }));
    },
  );
}

/** Those of a page to what has its own path: another one is another list, or an article that follows. */
export function htmlPageLinks(html: string, pageUrl: string): PageLink[] {
  if (!/\brel\s*=/i.test(html)) return [];
  const page = parseUrl(pageUrl);
  return htmlLinks(html, pageUrl).flatMap(({ url, relations }) =>
    url.origin !== page?.origin || url.pathname !== page.pathname
      ? []
      : PAGE_RELATIONS.filter((relation) => relations.includes(relation))
        .map((relation) => ({ relation, url: url.href }))
  );
}
