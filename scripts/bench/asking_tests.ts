/** The test files of the judge that ask a rule, and which of them fails without it. Part of `judge_rules_worker.ts`. */
const ROOT = new URL("../../", import.meta.url).pathname;
/** The first file that fails without the rule is enough; those that judge most in the least time come first. */
const FOLDERS = ["tests/judge/", "tests/replay/", "tests/llm/", "tests/correlate/"];
/** Properties draw the same cases with every rule. */
const PRELOADED = ["scripts/bench/rule_switch.ts", "tests/support/fixed_seed.ts"];

/** A rule may be what keeps a test from going on for ever. */
const MAX_MS = 900_000;

export class AskingTests {
  /** By folder the rules that each of its files asks. */
  readonly #asked = new Map<string, Promise<Map<string, Set<string>>>>();

  /** The first file whose tests fail without the rule; empty where there is none. */
  async decidedBy(rule: string): Promise<string[]> {
    for (const folder of FOLDERS) {
      for (const [file, rules] of await this.#askedIn(folder)) {
        if (!rules.has(rule)) continue;
        if (!await passes(ROOT + file, { KEYSMITH_RULE_OFF: rule })) return [file];
      }
    }
    return [];
  }

  #askedIn(folder: string): Promise<Map<string, Set<string>>> {
    const asked = this.#asked.get(folder) ?? askedIn(folder);
    this.#asked.set(folder, asked);
    return asked;
  }
}

/** Runs the tests of a folder with all rules on. */
async function askedIn(folder: string): Promise<Map<string, Set<string>>> {
  const path = await Deno.makeTempFile();
  try {
    if (!await passes(ROOT + folder, { KEYSMITH_RULES_ASKED: path })) {
      throw new Error(`The tests below ${folder} fail with every rule on`);
    }
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    return new Map(lines.map((line) => {
      const [module, rules] = JSON.parse(line) as [string, string[]];
      return [new URL(module).pathname.slice(ROOT.length), new Set(rules)];
    }));
  } finally {
    await Deno.remove(path);
  }
}

async function passes(path: string, env: Record<string, string>): Promise<boolean> {
  const preloaded = PRELOADED.map((module) => `--preload=${ROOT}${module}`);
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-check", "--quiet", "--fail-fast", ...preloaded, path],
    env,
    signal: AbortSignal.timeout(MAX_MS),
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}
