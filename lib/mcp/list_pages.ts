/**
 * Lists by page. A page is cut by its size in bytes: clients end a connection over a message of more than
 * 10 MiB, and many show the first page alone. A cursor names the last entry of its page, so that it holds
 * while entries come and go.
 */
import { Buffer } from "node:buffer";

/** Of the entries of one page, as JSON. */
const MAX_PAGE_BYTES = 1024 * 1024;

export interface Page<T> {
  readonly entries: readonly T[];
  readonly nextCursor?: string;
}

export interface Entry {
  readonly name: string;
  /** About, in bytes of JSON. */
  readonly size: number;
}

/**
 * The entries after the cursor, in the order of their names.
 *
 * @param cursor `undefined` for the first page.
 * @returns `null` for a text that is not a cursor.
 */
export function pageOf<T extends Entry>(
  all: readonly T[],
  cursor: string | undefined,
  maxBytes = MAX_PAGE_BYTES,
): Page<T> | null {
  const after = cursor === undefined ? "" : nameIn(cursor);
  if (after === null) return null;
  const rest = all.filter(({ name }) => name > after).toSorted((a, b) => a.name < b.name ? -1 : 1);
  let bytes = 0;
  const end = rest.findIndex(({ size }, index) => (bytes += size) > maxBytes && index > 0);
  if (end < 0) return { entries: rest };
  const entries = rest.slice(0, end);
  return { entries, nextCursor: cursorAfter(entries.at(-1)!.name) };
}

const MARK = "after:";

function cursorAfter(name: string): string {
  return Buffer.from(MARK + name).toString("base64url");
}

function nameIn(cursor: string): string | null {
  if (!/^[\w-]{8,1000}$/.test(cursor)) return null;
  const text = Buffer.from(cursor, "base64url").toString();
  return text.startsWith(MARK) ? text.slice(MARK.length) : null;
}
