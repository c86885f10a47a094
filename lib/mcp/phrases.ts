/** Two words of a question that mean one thing: `config_map`, `call_off`, and apart `take … away`. */
import { verbsOf, widerVerbsOf } from "./search_words.ts";

export interface Phrase {
  /** Where its words stand. */
  readonly places: readonly [first: number, last: number];
  /** Joined by `_`. */
  readonly pair: string;
}

/** Neighbours that `isKnown`, and verbs with what belongs to them. */
export function phrasesIn(words: readonly string[], isKnown: (pair: string) => boolean): Phrase[] {
  const close = words.slice(1).flatMap((word, at): Phrase[] => {
    const pair = `${words[at]}_${word}`;
    return isKnown(pair) ? [{ places: [at, at + 1], pair }] : [];
  });
  const taken = new Set(close.flatMap(({ places }) => places));
  return [...close, ...words.flatMap((_, last) => verbApart(words, last, taken))];
}

const PARTICLES = new Set("away back down in off on out over together up".split(" "));

/** In words: what is done to stands between a verb and its particle, "take a repository away". */
const MAX_REACH = 5;

function verbApart(words: readonly string[], last: number, taken: ReadonlySet<number>): Phrase[] {
  if (!PARTICLES.has(words[last]!) || taken.has(last)) return [];
  for (let first = last - 2; first >= Math.max(0, last - MAX_REACH); first--) {
    const pair = `${words[first]}_${words[last]}`;
    const isVerb = verbsOf(pair).length + widerVerbsOf(pair).length > 0;
    if (isVerb && !taken.has(first)) return [{ places: [first, last], pair }];
  }
  return [];
}
