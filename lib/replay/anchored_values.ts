/**
 * Many values looked for in a text in one pass over it. A value stands in a text only where its anchor does (the
 * longest run of letters and digits, `codec/encoded_text.ts`), so the values are found by the last characters of
 * their anchors: first by a bit for each ending, which tells nearly every place of a text to end none of them.
 */
import type { EncodedText } from "../codec/encoded_text.ts";

/** Characters at the end of an anchor by which values are found: of long ones few share so many. */
const [LONG, SHORT] = [8, 4];

/** Of the bits, as a power of two. */
const BITS = 16;

interface Anchored {
  readonly text: EncodedText;
}

export class AnchoredValues<T extends Anchored> {
  readonly #byEnding = new Map<string, T[]>();
  readonly #bits = new Uint8Array(1 << BITS);
  /** Those whose anchor is too short to be found by. */
  readonly #others: T[] = [];

  add(value: T): void {
    const { anchor } = value.text;
    if (anchor.length < SHORT) {
      this.#others.push(value);
      return;
    }
    noteIn(this.#byEnding, anchor.slice(anchor.length < LONG ? -SHORT : -LONG), value);
    this.#bits[bitOf(anchor, anchor.length)] = 1;
  }

  /** The values whose anchor stands in the text, each with where it begins there. */
  in(text: string): Map<T, number[]> {
    const found = new Map<T, number[]>();
    for (let end = SHORT; end <= text.length; end++) {
      if (this.#bits[bitOf(text, end)] === 0) continue;
      for (const length of [LONG, SHORT]) {
        for (const value of this.#byEnding.get(text.slice(Math.max(0, end - length), end)) ?? []) {
          const at = end - value.text.anchor.length;
          if (at >= 0 && text.startsWith(value.text.anchor, at)) noteIn(found, value, at);
        }
      }
    }
    for (const value of this.#others) {
      const { anchor } = value.text;
      for (let at = 0; at < text.length; at++) {
        if (text.startsWith(anchor, at)) noteIn(found, value, at);
      }
    }
    return found;
  }
}

function noteIn<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Of the four characters before `end`. */
function bitOf(text: string, end: number): number {
  const hash = text.charCodeAt(end - 1) ^ text.charCodeAt(end - 2) << 5 ^
    text.charCodeAt(end - 3) << 10 ^ text.charCodeAt(end - 4) << 14;
  return (hash ^ hash >>> BITS) & (1 << BITS) - 1;
}
