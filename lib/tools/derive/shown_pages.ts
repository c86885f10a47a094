/**
 * Pages that a server writes with what somebody came for in them, beside an API. The frame of an application that
 * draws itself has no text of its own, and what stands on every page is its frame, too.
 */
import { visibleLines } from "../../http/visible_text.ts";
import type { Sample } from "./sample.ts";

/** Of a page alone, frame and all, and of what no other page has. In UTF-16 units. */
const MIN_TEXT = 300;
const MIN_OWN_TEXT = 120;
/** A piece of a page, fetched by a script, is all content. */
const MIN_PIECE = 20;
/** Pages looked at; a recording has hundreds of one kind. */
const MAX_PAGES = 300;

/** `pages`: answers in HTML of one app. */
export function shownPages(pages: readonly Sample[]): Sample[] {
  const seen = pages.slice(0, MAX_PAGES)
    .map((page) => ({ page, lines: linesOf(page), isPiece: isPiece(page) }));
  const whole = seen.filter((one) => !one.isPiece);
  const paths = new Set(whole.map(({ page }) => page.url.pathname));
  const frame = paths.size < 2 ? new Set<string>() : frameOf(whole);
  const least = paths.size < 2 ? MIN_TEXT : MIN_OWN_TEXT;
  return seen.filter(({ lines, isPiece }) =>
    isPiece ? lengthOf(lines) >= MIN_PIECE : lengthOf(lines.difference(frame)) >= least
  ).map(({ page }) => page);
}

function linesOf({ answer }: Sample): ReadonlySet<string> {
  return new Set(answer.kind === "html" ? visibleLines(answer.text) : []);
}

function isPiece({ answer }: Sample): boolean {
  return answer.kind === "html" && !/<(?:html|body)[\s>]/i.test(answer.text);
}

/** Lines that pages of several paths have in common. */
function frameOf(
  pages: readonly { readonly page: Sample; readonly lines: ReadonlySet<string> }[],
): Set<string> {
  const places = new Map<string, Set<string>>();
  for (const { page, lines } of pages) {
    for (const line of lines) {
      const known = places.get(line) ?? new Set();
      places.set(line, known.add(page.url.pathname));
    }
  }
  return new Set([...places].filter(([, paths]) => paths.size > 1).map(([line]) => line));
}

function lengthOf(lines: Iterable<string>): number {
  return [...lines].reduce((sum, line) => sum + line.length, 0);
}
