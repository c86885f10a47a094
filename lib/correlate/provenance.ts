/**
 * Provenance: the earliest earlier response that holds a value, and how to take it from there.
 *
 * Looking every value up in every response would cost values × bytes. Instead the values that matter
 * are known beforehand; each leaves a fingerprint, its longest run of letters and digits, which survives
 * URL-, HTML- and JSON-escaping. One pass over all responses notes where each fingerprint occurs;
 * only those responses are then taken apart.
 */
import { type Place, placeOf } from "../codec/place.ts";
import { Fingerprints, MIN_FINGERPRINT } from "./fingerprints.ts";
import type { Message, Recording } from "./recording.ts";
import { stepValues } from "./wanted.ts";

/** Where a value comes from. */
export interface Source extends Place {
  /** Index of the message whose response holds it. */
  readonly index: number;
}

const encoder = new TextEncoder();

/** One pass over the responses before `until`, and over all scripts, which hold constants. */
interface Pass {
  readonly prints: Fingerprints;
  readonly until: number;
}

export class Provenance {
  readonly #recording: Recording;
  readonly #passes: Pass[] = [];
  readonly #found = new Map<string, Source | null>();
  readonly #covered = new Set<number>();

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  /** Lets every value of these requests be found in what came before them. */
  cover(requests: readonly Message[]): void {
    const uncovered = requests.filter(({ index }) => !this.#covered.has(index));
    for (const { index } of uncovered) this.#covered.add(index);
    const last = uncovered.at(-1);
    if (last !== undefined) this.lookFor(stepValues(uncovered), last.index);
  }

  /** Lets the values be found in the responses before `until`, and in all scripts. */
  lookFor(values: Iterable<string>, until = Infinity): void {
    const prints = new Fingerprints();
    for (const value of values) {
      const print = fingerprint(value);
      if (print !== null && !this.#isKnown(print, until)) prints.want(print);
    }
    if (prints.size === 0) return;
    this.#passes.push({ prints, until });
    for (const message of this.#recording.messages) {
      if (message.index < until || message.isScriptOrStyle) scan(message, prints);
    }
  }

  #isKnown(print: string, until: number): boolean {
    return this.#passes.some((pass) =>
      pass.until >= until && pass.prints.places(print) !== undefined
    );
  }

  /** The earliest response before `before` that holds the value; `null` when none does. */
  find(
    value: string,
    before: number,
    accept: (index: number) => boolean = () => true,
  ): Source | null {
    for (const index of this.#candidates(value)) {
      if (index >= before) break;
      if (!accept(index)) continue;
      const source = this.in(value, index);
      if (source !== null) return source;
    }
    return null;
  }

  /** How to take the value from this one response; `null` when it is not there. */
  in(value: string, index: number): Source | null {
    const key = `${index}\0${value}`;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const { answer } = this.#recording.at(index);
    const place = answer === null ? null : placeOf(answer, value);
    const source = place === null ? null : { index, ...place };
    this.#found.set(key, source);
    return source;
  }

  /** Of the pass that read the most. */
  #candidates(value: string): readonly number[] {
    const print = fingerprint(value);
    if (print === null) return [];
    const passes = this.#passes.filter(({ prints }) => prints.places(print) !== undefined);
    const best = passes.reduce<Pass | null>(
      (held, pass) => held === null || pass.until > held.until ? pass : held,
      null,
    );
    return best?.prints.places(print) ?? [];
  }
}

function scan(message: Message, prints: Fingerprints): void {
  if (message.trace.response === null) return;
  const lines = message.trace.response.headers.filter(([name]) =>
    !/^(date|server|content-security-policy|vary|etag|report-to|nel)$/i.test(name)
  );
  prints.note(encoder.encode(lines.map(([, value]) => value).join("\n")), message.index);
  const bytes = message.responseBytes;
  if (bytes !== null) prints.note(bytes, message.index);
}

/** The longest run of letters and digits; `null` when all runs are too short. */
export function fingerprint(value: string): string | null {
  let longest = "";
  for (const run of value.match(/[A-Za-z0-9]+/g) ?? []) {
    if (run.length > longest.length) longest = run;
  }
  return longest.length >= MIN_FINGERPRINT ? longest : null;
}
