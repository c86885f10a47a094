/** What a run was given: the texts its prompts and its answers held, as they are and opened. */
import { bodyText } from "../http/body.ts";
import type { HttpResponse } from "../http/exchange.ts";
import { answerValues } from "./answer_values.ts";
import type { ScriptRun } from "./run.ts";

/** Shorter texts are held only as whole values: `12` stands in every page. */
const MIN_WITHIN = 4;

const known = new WeakMap<ScriptRun, HeldValues>();

/** All that the run was given, from its first request to its last. */
export function heldBy(run: ScriptRun): HeldValues {
  const done = known.get(run);
  if (done !== undefined) return done;
  const held = new HeldValues(givenTo(run));
  for (const { answer } of run.sent) held.take(answer);
  known.set(run, held);
  return held;
}

/** What a run has before its first request. */
export function givenTo({ answers, handedToken }: ScriptRun): string[] {
  return [...answers.values(), ...handedToken === undefined ? [] : [handedToken]];
}

export class HeldValues {
  readonly #values = new Set<string>();
  readonly #texts: string[] = [];

  constructor(given: Iterable<string>) {
    for (const text of given) {
      this.#values.add(text);
      this.#texts.push(text);
    }
  }

  take(answer: HttpResponse): void {
    for (const { value } of answerValues(answer)) this.#values.add(value);
    this.#texts.push(answer.headers.map(([, value]) => value).join("\n"));
    if (answer.body !== null) this.#texts.push(bodyText(answer.headers, answer.body));
  }

  /** The whole value stands in what was given. */
  has(value: string): boolean {
    return this.#values.has(value) || value.length >= MIN_WITHIN && this.#isWithin(value);
  }

  /** @rule off: false */
  #isWithin(value: string): boolean {
    const forms = [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)];
    return this.#texts.some((text) => forms.some((form) => text.includes(form)));
  }
}
