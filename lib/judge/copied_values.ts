/**
 * Recorded values that a run still carries although its own answers never held them: the script has
 * copied them. In a replay every issued value is another one, so there is no other way to have it.
 */
import { carriedBy } from "./carried_values.ts";
import type { Evidence, Issued } from "./evidence.ts";
import { copyObjection, type Objection } from "./finding.ts";
import { givenTo, HeldValues } from "./held_values.ts";
import { openText } from "./open_text.ts";
import type { ScriptRun } from "./run.ts";

/** Shorter values are looked for as whole texts only: `42a` stands in too much else. */
const MIN_WITHIN = 8;

/** @rule off: [] */
export function copiedValues(run: ScriptRun, evidence: Evidence): Objection[] {
  const search = new IssuedSearch(evidence);
  const held = new HeldValues(givenTo(run));
  return carriedBy(run).flatMap(({ trace, values, answer }) => {
    const found = values.flatMap(({ where, value }) =>
      search.within(value, held).map((issued) => copyObjection({ trace, where }, issued))
    );
    if (answer !== null) held.take(answer);
    return found;
  });
}

class IssuedSearch {
  readonly #evidence: Evidence;
  readonly #long: readonly Issued[];

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
    this.#long = [...evidence.issued.values()].filter(({ value }) => value.length >= MIN_WITHIN);
  }

  /** The recorded values in a text, without those that the run was given. */
  within(text: string, held: HeldValues): Issued[] {
    const found = new Set<Issued>();
    const look = (part: string, issued: Issued | undefined) => {
      if (issued === undefined || this.#evidence.excuseWithin(part, issued) !== null) return;
      if (!held.has(issued.value)) found.add(issued);
    };
    for (const part of openText(text)) {
      look(part, this.#evidence.issued.get(part));
      for (const issued of this.#long) {
        if (issued.value.length < part.length && part.includes(issued.value)) look(part, issued);
      }
    }
    return [...found];
  }
}
