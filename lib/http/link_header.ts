/** Links of an answer to its neighbours (RFC 8288), as paged APIs send them. */
import type { HeaderList } from "./exchange.ts";
import { headerValues } from "./headers.ts";
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
