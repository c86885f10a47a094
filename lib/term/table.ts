/** Tables: aligned columns for a person, tab-separated values for a pipe (as `gh` does). */

/** Between two columns of an aligned table. */
const GAP = "  ";

/** One line per row under a header line; cells padded to the widest of their column. */
export function alignedTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  const all = [header, ...rows];
  const widths = widthsOf(all);
  return all.map((row) => alignRow(row, widths));
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  return (rows[0] ?? []).map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, textWidth(row[column] ?? "")), 0)
  );
}

/** What is left to the last column at least, which a terminal may wrap. */
const LEAST_LAST = 12;

/** True when all columns but the last stand beside each other in a terminal of so many. */
export function fitsColumns(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
): boolean {
  const before = widthsOf([header, ...rows]).slice(0, -1);
  return before.reduce((sum, width) => sum + width + GAP.length, 0) + LEAST_LAST <= columns;
}

/** For a narrow terminal: a line per cell behind the name of its column, rows apart by an empty line. */
export function stackedTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  return rows.flatMap((row, index) => [
    ...index === 0 ? [] : [""],
    ...alignedPairs(header.map((name, column) => [name, row[column] ?? ""])),
  ]);
}

function alignedPairs(pairs: readonly (readonly [string, string])[]): string[] {
  const widths = widthsOf(pairs);
  return pairs.map((pair) => alignRow(pair, widths));
}

/** One line per row, no header; tabs and line breaks inside a cell become spaces. */
export function tabSeparated(rows: readonly (readonly string[])[]): string[] {
  return rows.map((row) => row.map((cell) => cell.replace(/[\t\r\n]+/g, " ")).join("\t"));
}

function alignRow(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, column) =>
    cell + " ".repeat((widths[column] ?? 0) - textWidth(cell))
  );
  return cells.join(GAP).trimEnd();
}

/** Made on first use: its data takes milliseconds to load, and every command loads this file. */
let graphemes: Intl.Segmenter | undefined;

/** Columns a text takes: wide East Asian characters and emoji take two (Unicode Annex 11, W and F). */
export function textWidth(text: string): number {
  graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}])/u;
