/** What each rule was found to decide, kept in a file if one is named. Part of `bench_rules.ts`. */
import { keyOf, type Rule } from "./rules.ts";

export class RuleResults {
  readonly #decided: Map<string, readonly string[]>;

  /** @param path a file of lines `[key, [name, …]]`; what is missing is begun */
  constructor(readonly path: string | undefined) {
    this.#decided = new Map(path === undefined ? [] : linesOf(path));
  }

  /** `undefined` for a rule that was not tried. */
  of(rule: Rule): readonly string[] | undefined {
    return this.#decided.get(keyOf(rule));
  }

  add(rule: Rule, decided: readonly string[]): void {
    this.#decided.set(keyOf(rule), decided);
    if (this.path === undefined) return;
    const line = JSON.stringify([keyOf(rule), decided]);
    Deno.writeTextFileSync(this.path, `${line}\n`, { append: true });
  }
}

function linesOf(path: string): [string, string[]][] {
  try {
    const lines = Deno.readTextFileSync(path).split("\n");
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
