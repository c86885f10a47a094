/** Initials, as people say them for long names: `pdb` is what `readPodDisruptionBudget` reads. */
import { wordsIn } from "./words_in.ts";

/** Of the names that have these initials, those used most. */
const MAX_TERMS = 2;

/** The words in `names` that begin with the letters of `initials`, most used first; none for a text that cannot be initials. */
export function spelledOut(initials: string, names: readonly string[]): string[] {
  if (!/^[a-z]{2,5}$/.test(initials)) return [];
  const counts = new Map<string, number>();
  for (const name of names) {
    const words = wordsIn(name);
    const at = words.map((word) => word[0]).join("").indexOf(initials);
    if (at < 0) continue;
    const term = words.slice(at, at + initials.length).join(" ");
    counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  return [...counts].toSorted(([, a], [, b]) => b - a).slice(0, MAX_TERMS).map(([term]) => term);
}
