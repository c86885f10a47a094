/**
 * Text that others wrote (a script, a server, a document) on its way to a terminal or a log. What could
 * move the cursor, hide itself or reorder its surroundings is shown as an escape instead.
 */

/**
 * C0 and C1 controls and DEL; soft hyphen, Arabic letter mark, Hangul and Mongolian fillers; zero-width,
 * bidirectional and invisible operators (U+200B–U+200F, U+202A–U+202E, U+2060–U+206F); line and paragraph
 * separators; BOM; interlinear annotation; musical format controls; tag characters;
 * lone surrogates.
 */
const UNSAFE =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\ud800-\udfff]/gu;

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
