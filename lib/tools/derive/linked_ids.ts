/**
 * Ids that only pages show. The links of one page that are alike but for one segment say what an id is there: they
 * have one pattern of letters and digits, or they are the rows of the list that the collection's own page shows.
 * Menus link to sub-pages the same way; they stand in the frame, have words for what to do, or come on each page.
 */
import { type HtmlLink, htmlLinks } from "../../http/html_links.ts";
import { pathSegments } from "../../http/url.ts";
import { isActionWord } from "./action_words.ts";
import { isPlural } from "./nouns.ts";
import type { Sample } from "./sample.ts";
import { splitSegment } from "./segment_kind.ts";

/** Siblings on one page that settle what an id is, and those that were opened, too. */
const MIN_LINKED = 3;
const MIN_OPENED = 2;
/** Pages read; a recording has hundreds of one kind. */
const MAX_PAGES = 300;
/** Ids are not looked for deeper. */
const MAX_DEPTH = 12;
/** How much of the markup of two pages of one kind is the same, and of a menu's links those of its pages. */
const MIN_ALIKE = 0.8;
/** A version, or a step of one thing. */
const NUMBERED_WORD = /^(v|version|step|stage|phase|tab)[-_]?\d/i;
/** Plurals that are no collection. */
const NO_COLLECTION = /^(settings|preferences|options|tools|details|stats|statistics|analytics)$/i;
/** Sub-pages that say which part of a collection they show. */
const PART = /^(all|mine|my|own|recent|latest|popular|drafts?|trash|archived?|index|home|help)$/i;
const ROW = /(^|>)(tr|li|article|dt|dd)(>|$)/;

type Links = ReadonlyMap<string, readonly HtmlLink[]>;

export class LinkedIds {
  /** Patterns of ids and ids, by the place they stand behind. */
  readonly #patterns = new Map<string, Set<string>>();
  readonly #words = new Map<string, Set<string>>();
  /** The page of each path, and what was opened behind a place. */
  readonly #pages = new Map<string, PageLinks>();
  readonly #opened = new Map<string, Set<string>>();

  /** `samples`: all of the app. */
  constructor(samples: readonly Sample[]) {
    for (const sample of samples) {
      for (const [at, segment] of sample.segments.slice(0, MAX_DEPTH).entries()) {
        noteIn(this.#opened, placeOf(sample.url.origin, sample.segments, at), segment);
      }
      const address = sample.url.origin + sample.url.pathname;
      if (sample.trace.noise !== null || sample.method !== "GET" || sample.answer.kind !== "html") {
        continue;
      }
      if (this.#pages.size >= MAX_PAGES || this.#pages.has(address)) continue;
      this.#pages.set(address, new PageLinks(sample.answer.text, sample.url));
    }
    for (const page of this.#pages.values()) {
      for (const [place, bySegment] of page.siblings) {
        this.#learnPatterns(place, [...bySegment.keys()]);
      }
      this.#learnRows(page);
    }
  }

  /** What the segment is by the links of pages; `null` where they say nothing of it. */
  kindOf({ url, segments }: Sample, at: number): "id" | "word" | null {
    const [place, segment] = [placeOf(url.origin, segments, at), segments[at]!];
    const known = this.#patterns.get(place);
    if (known?.has(exactPattern(segment)) || known?.has(loosePattern(segment))) return "id";
    return this.#words.get(place)?.has(segment) ? "word" : null;
  }

  /** `r1021`, `r1028`, `r1035`; where their letters differ (`12A`, `14C`) only behind a plural. */
  #learnPatterns(place: string, segments: readonly string[]): void {
    const numbered = segments.filter((one) => /\d/.test(one) && !NUMBERED_WORD.test(one));
    const others: string[] = [];
    for (const [pattern, alike] of Map.groupBy(numbered, exactPattern)) {
      if (this.#isEnough(place, alike)) noteIn(this.#patterns, place, pattern);
      else others.push(...alike);
    }
    if (!isCollection(place)) return;
    for (const [pattern, alike] of Map.groupBy(others, loosePattern)) {
      if (this.#isEnough(place, alike)) noteIn(this.#patterns, place, pattern);
    }
  }

  /** Names and slugs: links in the rows of the page above them. */
  #learnRows({ url, siblings }: PageLinks): void {
    const above = pathSegments(url).filter((one) => one !== "");
    const place = placeOf(url.origin, above, above.length);
    const links = siblings.get(place);
    if (links === undefined || !isCollection(place)) return;
    const rows = [...links].flatMap(([segment, all]) => {
      const own = all.find(({ isFrame }) => !isFrame);
      return own === undefined ? [] : [{ segment, row: own.place }];
    });
    for (const [row, members] of Map.groupBy(rows, (one) => one.row)) {
      const words = members.map(({ segment }) => segment);
      const opened = this.#openedPages(url, words);
      const isList = ROW.test(row) && words.length >= MIN_LINKED || opened.length >= MIN_OPENED;
      if (!isList || words.some(isSubPage)) continue;
      if (opened.some((page) => page.linksMost(place, words) || !page.isLike(opened[0]!))) continue;
      for (const word of [...words, ...this.#likeOnes(url, place, opened)]) {
        noteIn(this.#words, place, word);
      }
    }
  }

  #isEnough(place: string, segments: readonly string[]): boolean {
    const opened = this.#opened.get(place);
    return segments.length >= MIN_LINKED ||
      segments.filter((segment) => opened?.has(segment)).length >= MIN_OPENED;
  }

  /** What was opened, too, and looks like the pages of a list: it stood on another page of it. */
  #likeOnes(url: URL, place: string, [example]: readonly PageLinks[]): string[] {
    const words = [...this.#opened.get(place) ?? []].filter((word) => !isSubPage(word));
    return words.filter((word) =>
      example !== undefined && this.#openedPages(url, [word]).some((page) => page.isLike(example))
    );
  }

  #openedPages({ origin, pathname }: URL, words: readonly string[]): PageLinks[] {
    const above = origin + pathname.replace(/\/$/, "");
    return words.flatMap((word) => this.#pages.get(`${above}/${encodeURIComponent(word)}`) ?? []);
  }
}

/** A page by its links, and its markup without the words. */
class PageLinks {
  readonly url: URL;
  /** What its links have behind each place. */
  readonly siblings: ReadonlyMap<string, Links>;
  readonly #markup: ReadonlySet<string>;

  constructor(html: string, url: URL) {
    this.url = url;
    const siblings = new Map<string, Map<string, HtmlLink[]>>();
    for (const link of htmlLinks(html, url.href)) {
      if (link.url.origin !== url.origin) continue;
      const segments = pathSegments(link.url);
      for (const [at, segment] of segments.slice(0, MAX_DEPTH).entries()) {
        if (splitSegment(segment).value === "") continue;
        const place = placeOf(url.origin, segments, at);
        const known = siblings.get(place) ?? new Map<string, HtmlLink[]>();
        const links = known.get(segment) ?? [];
        links.push(link);
        siblings.set(place, known.set(segment, links));
      }
    }
    this.siblings = siblings;
    this.#markup = new Set(
      [...html.matchAll(/<[a-z][a-z0-9-]*|\s(?:name|class)=["']?[\w -]+/gi)].map(([one]) => one),
    );
  }

  /** As a menu does that stands on each of its pages. */
  linksMost(place: string, words: readonly string[]): boolean {
    const links = this.siblings.get(place);
    return words.filter((word) => links?.has(word)).length >= words.length * MIN_ALIKE;
  }

  isLike(other: PageLinks): boolean {
    const all = this.#markup.union(other.#markup).size;
    return this.#markup.intersection(other.#markup).size >= all * MIN_ALIKE;
  }
}

/** What stands before a segment, ids by their pattern: behind `/orders/r17/lines` is behind `/orders/r18/lines`. */
function placeOf(origin: string, segments: readonly string[], at: number): string {
  const before = segments.slice(0, at)
    .map((segment) => /\d/.test(segment) ? exactPattern(segment) : segment);
  return [origin, ...before].join("/");
}

function isSubPage(word: string): boolean {
  return isActionWord(word) || PART.test(word) || NUMBERED_WORD.test(word);
}

function isCollection(place: string): boolean {
  const word = place.split("/").slice(3).at(-1) ?? "";
  return isPlural(word) && !NO_COLLECTION.test(word);
}

/** Its letters stay: `r#`, `INV-#-#`. */
function exactPattern(segment: string): string {
  return segment.replace(/\d+/g, "#");
}

/** Only where letters and digits are mixed counts: `12A` is `*`, `plum-cake-3` is `a-a-*`. */
function loosePattern(segment: string): string {
  return segment.replace(/[\p{L}\d]+/gu, (run) => /\d/.test(run) ? "*" : "a");
}

function noteIn(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key) ?? new Set();
  map.set(key, known.add(value));
}
