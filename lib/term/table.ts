/** Tables: aligned columns for a person, tab-separated values for a pipe (as `gh` does). */

/** Between two columns of an aligned table. */
const GAP = "  ";

/** One line per row under a header line; cells padded to the widest of their column. */
export function alignedTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, column) =>
    Math.max(...all.map((row) => textWidth(row[column] ?? "")))
  );
  return all.map((row) => alignRow(row, widths));
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
