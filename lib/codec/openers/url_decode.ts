import { decoding } from "./decoding.ts";

/** Percent-encoding (RFC 3986 section 2.1). */
export const urlDecode = decoding("url-decode", {
  mayBe: (text) => /%[0-9A-Fa-f]{2}/.test(text),
  decode: decodeUrlText,
  encode: (fresh, old) => fresh.isWellFormed() ? encodedLike(old, fresh) : undefined,
  write: (text) => `decodeURIComponent(${text})`,
});

/** `decodeURIComponent` that answers `undefined` for a malformed escape. */
export function decodeUrlText(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Encoded anew where it differs: in a whole address `:` and `/` stand as they are. */
function encodedLike(text: string, fresh: string): string {
  const old = [...decodeUrlText(text) ?? ""];
  const wanted = [...fresh];
  const written = old.map(() => "");
  for (let at = 0, index = 0; index < old.length; index++) {
    const char = old[index]!;
    const length = text[at] === "%" ? 3 * new TextEncoder().encode(char).length : char.length;
    written[index] = text.slice(at, at += length);
  }
  const most = Math.min(old.length, wanted.length);
  let head = 0;
  while (head < most && old[head] === wanted[head]) head++;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === wanted.at(-1 - tail)) tail++;
  return written.slice(0, head).join("") +
    encodeURIComponent(wanted.slice(head, wanted.length - tail).join("")) +
    written.slice(written.length - tail).join("");
}
