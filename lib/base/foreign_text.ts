/**
 * Text that others wrote (a script, a server, a document) on its way to a terminal or a log. What could
 * move the cursor, hide itself or reorder its surroundings is shown as an escape instead.
 */

/**
 * By general category: controls (C0, DEL, C1), format characters (zero-width, bidirectional, soft hyphen,
 * BOM, tags), lone surrogates, line and paragraph separators. Beside them fillers and selectors that take
 * no room, and the unassigned code points of the blocks reserved for such.
 */
const UNSAFE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\uffa0\ufff0-\ufff8\u{e0000}-\u{e0fff}]/gu;

const SHORT_FORMS: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** The text with every unsafe character written as `\n`, `\x1b` or `\u{202e}`. Applying it twice changes nothing. */
export function escapeForeignText(text: string): string {
  return text.replace(UNSAFE, (character) => SHORT_FORMS[character] ?? escapeOf(character));
}

/** The lines of a text, each escaped. */
export function escapeForeignLines(text: string): string[] {
  return text.split("\n").map((line) => escapeForeignText(line));
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code <= 0xff ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`;
}
