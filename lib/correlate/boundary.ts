/** The last resort of extraction: a value in raw text between what stands before and after it. */
import type { Locator, Opener } from "./flow.ts";

/** How far the text before a value is read, in characters; enough for `"csrfToken": "` in any markup. */
const MAX_CONTEXT = 60;

/**
 * A locator that yields exactly this value, once, and the opener its encoding needs. `null` when the
 * text does not hold the value or nothing before it is distinctive.
 */
export function boundaryLocator(
  text: string,
  value: string,
): { locator: Locator; openers: readonly Opener[] } | null {
  for (const [encoded, openers] of encodings(value)) {
    const locator = boundary(text, encoded);
    if (locator !== null) return { locator, openers };
  }
  return null;
}

function encodings(value: string): (readonly [string, readonly Opener[]])[] {
  const json = JSON.stringify(value).slice(1, -1);
  const slashes = json.replaceAll("/", "\\/");
  const html = value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  const forms: [string, readonly Opener[]][] = [
    [value, []],
    [json, [{ kind: "json-unescape" }]],
    [slashes, [{ kind: "json-unescape" }]],
    [html, [{ kind: "html-unescape" }]],
    [encodeURIComponent(value), [{ kind: "url-decode" }]],
  ];
  return forms.filter(([form], index) => forms.findIndex(([other]) => other === form) === index);
}

function boundary(text: string, value: string): Locator | null {
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    const locator = boundaryAt(text, value, at);
    if (locator !== null) return locator;
  }
  return null;
}

/** The shortest text before the value that occurs first right there, grown to a word boundary. */
function boundaryAt(text: string, value: string, at: number): Locator | null {
  const end = at + value.length;
  const after = text.slice(end, end + 1);
  if (/[A-Za-z0-9]/.test(after) || value.includes(after) && after !== "") return null;
  const lineStart = Math.max(text.lastIndexOf("\n", at - 1) + 1, at - MAX_CONTEXT);
  for (let start = at - 2; start >= lineStart; start--) {
    if (/[A-Za-z0-9_]/.test(text[start] ?? "") && /[A-Za-z0-9_]/.test(text[start - 1] ?? "")) {
      continue;
    }
    const before = text.slice(start, at);
    if (!/[A-Za-z]{2}/.test(before)) continue;
    if (text.indexOf(before) === start) return { kind: "between", before, after };
  }
  return null;
}
