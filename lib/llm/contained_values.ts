/** Values that are recognised inside others: typed ones, and opaque ones that were named before. */
import { isOpaque } from "../http/opaque.ts";
import type { Placeholders } from "./placeholders.ts";

/** Shorter values are looked for as wholes only: they stand in much else by chance. In UTF-16 units. */
export const MIN_CONTAINED = 4;
const MIN_TELLING = 10;

export class ContainedValues {
  readonly #placeholders: Placeholders;
  readonly #isTyped: (value: string) => boolean;
  #seen = 0;
  #longestFirst: readonly string[] = [];

  constructor(placeholders: Placeholders, isTyped: (value: string) => boolean) {
    this.#placeholders = placeholders;
    this.#isTyped = isTyped;
  }

  /** The longest value within the text, and where it stands; `undefined` where none does. */
  within(text: string): { readonly value: string; readonly at: number } | undefined {
    for (const value of this.#known()) {
      if (value.length >= text.length) continue;
      const at = text.indexOf(value);
      if (at >= 0 && (isOpaque(value) || isWordAt(text, at, value))) return { value, at };
    }
    return undefined;
  }

  #known(): readonly string[] {
    const named = this.#placeholders.all(this.#seen);
    if (named.length === 0) return this.#longestFirst;
    const added = named.filter(({ kind, value }) =>
      this.#isTyped(value)
        ? value.length >= MIN_CONTAINED
        : !["constant", "base64", "hex", "text"].includes(kind) && value.length >= MIN_TELLING &&
          isOpaque(value)
    );
    this.#seen += named.length;
    if (added.length === 0) return this.#longestFirst;
    this.#longestFirst = [...this.#longestFirst, ...added.map(({ value }) => value)]
      .sort((a, b) => b.length - a.length);
    return this.#longestFirst;
  }
}

function isWordAt(text: string, at: number, value: string): boolean {
  return !/[\p{L}\p{N}]/u.test(text[at - 1] ?? "") &&
    !/[\p{L}\p{N}]/u.test(text[at + value.length] ?? "");
}
