/** Texts that grow by repeating something, as patterns and scanners are attacked. */
import { patternsIn } from "../patterns.ts";

/** `head + unit × n + tail`. */
export interface HostileText {
  readonly head: string;
  readonly unit: string;
  readonly tail: string;
}

export function textOf({ head, unit, tail }: HostileText, length: number): string {
  return head + unit.repeat(Math.max(1, Math.ceil(length / unit.length))) + tail;
}

const SIGNS = [
  ..."\"'`<>/=;,:&#%{}[]()\\ \n\t\r-._~!*+?|@$^0aZ_\0",
  "\r\n",
  "\u0130",
  "😀",
  "%25",
  "\\u0041",
];

/** Everything that patterns of `lib/` look for by its letters: `charset`, `<input`, `eyJ`. */
export function tokensOf(lib: string): string[] {
  const words = patternsIn(lib).flatMap(({ source }) =>
    source.replaceAll(/\\([^\w])/g, "$1").match(/[A-Za-z<"'=:;/#{-]{2,}/g) ?? []
  );
  return [...SIGNS, ...new Set(words.filter(({ length }) => length < 24))];
}

export type Draw = (below: number) => number;

export function hostileText(tokens: readonly string[], draw: Draw): HostileText {
  const some = (most: number) =>
    Array.from(
      { length: draw(most + 1) },
      () => draw(3) === 0 ? SIGNS[draw(SIGNS.length)]! : tokens[draw(tokens.length)]!,
    ).join("");
  return { head: some(2), unit: some(3) || SIGNS[draw(SIGNS.length)]!, tail: some(2) };
}

/** Numbers that follow from a seed (mulberry32), so that a finding can be made again. */
export function drawFrom(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
