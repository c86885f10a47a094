/** How a page begins that `lost_pages.ts` made up. */
export const MARK = "<!-- not recorded: made up from what its form sent -->";

/** True for a page that `withLostPages` made up. */
export function isMadeUpPage(text: string): boolean {
  return text.startsWith(MARK);
}
