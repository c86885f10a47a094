/**
 * Text that comes from somewhere else (a page, a server, a script) made safe to show: whatever could
 * steer a terminal, hide or reorder what is read is shown as an escape.
 */

/**
 * C0 controls but tab, DEL, C1 controls, soft hyphen, bidi marks, embeddings, overrides and isolates,
 * zero-width characters, line and paragraph separators, byte order mark, interlinear annotation,
 * variation selectors beyond the emoji ones, tag characters, lone surrogates.
 */
const DECEIVING =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}\p{Cs}]/gu;

/** The text on one line: `\n`, `\x1b`, `\u{202e}` in place of the characters themselves. */
export function escapeForeignText(text: string): string {
  return text.replace(DECEIVING, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0)!;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r" };
