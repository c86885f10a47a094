/**
 * The tests of `tests/judge/`, which are plain functions, run in this process: hundreds of them take a second, where
 * a process for each file takes minutes. Part of `judge_rules_worker.ts`.
 */
import "../../tests/support/fixed_seed.ts";
import { withRuleOff } from "./rule_switch.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const FOLDER = "tests/judge/";

interface Collected {
  readonly file: string;
  readonly name: string;
  readonly run: () => unknown;
}

export class JudgeTests {
  private constructor(private readonly tests: readonly Collected[]) {}

  static async load(): Promise<JudgeTests> {
    const names = Array.from(Deno.readDirSync(ROOT + FOLDER), ({ name }) => name)
      .filter((name) => name.endsWith("_test.ts")).sort();
    const tests: Collected[] = [];
    for (const name of names) {
      const file = FOLDER + name;
      for (const [test, run] of await testsIn(ROOT + file)) tests.push({ file, name: test, run });
    }
    return new JudgeTests(tests);
  }

  /**
   * The first test that fails without the rule and passes with it, by file and name; empty where there is none,
   * or where what an earlier test has left in this process hides it.
   */
  async decidedBy(rule: string): Promise<string[]> {
    for (const { file, name, run } of this.tests) {
      const passesWithout = await withRuleOff(rule, () => passes(run));
      if (!passesWithout && await passes(run)) return [`${file} "${name}"`];
    }
    return [];
  }
}

/** What a module hands to `Deno.test`, by name; under `deno run` it would be dropped. */
async function testsIn(path: string): Promise<[string, () => unknown][]> {
  const found: [string, () => unknown][] = [];
  const collect = (name: string, run: () => unknown) => found.push([name, run]);
  Object.defineProperty(Deno, "test", { value: collect, configurable: true });
  await import(path);
  return found;
}

async function passes(run: () => unknown): Promise<boolean> {
  try {
    await run();
    return true;
  } catch {
    return false;
  }
}
