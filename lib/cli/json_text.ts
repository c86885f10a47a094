/** JSON text that may be shown on a terminal: what could steer or deceive one is escaped, and stays valid JSON. */

/** C1 controls, bidi marks and overrides, zero-width, line separators, tags, byte order mark. */
const DECEIVING =
  /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;

/** `JSON.stringify` with the characters above as `\uXXXX`. C0 controls are escaped by JSON itself. */
export function jsonForTerminal(value: unknown, indent: number): string {
  return JSON.stringify(value ?? null, null, indent).replace(DECEIVING, escapeUnits);
}

function escapeUnits(text: string): string {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
