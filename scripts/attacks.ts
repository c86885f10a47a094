/**
 * `deno task attacks`: runs the attack suite and prints its table.
 *
 *     deno task attacks [NAME-PART…]      only attacks whose name or class contains one of the words
 *
 * `KEYSMITH_BIN` names an executable to attack in place of `deno run`.
 */
import { type Attack, readAttacks } from "../tests/sandbox/attacks/attack.ts";
import { runAttacks } from "../tests/sandbox/attacks/run_all.ts";
import { keysmith } from "../tests/support/keysmith.ts";
import type { Verdict } from "../tests/sandbox/attacks/run_attack.ts";

const PARALLEL = 2;

if (import.meta.main) {
  const attacks = select(await readAttacks(), Deno.args);
  const startedAt = performance.now();
  const width = Math.max(...attacks.map(({ name }) => name.length));
  const verdicts = await runAttacks(attacks, PARALLEL, keysmith, (verdict) => {
    for (const line of rowOf(verdict, width)) console.log(line);
  });
  const escaped = verdicts.filter(({ problems }) => problems.length > 0).length;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  console.log(`\n${verdicts.length} scripts, ${escaped} not held, ${seconds} s`);
  Deno.exitCode = escaped === 0 ? 0 : 1;
}

export function select(attacks: readonly Attack[], words: readonly string[]): Attack[] {
  if (words.length === 0) return [...attacks];
  return attacks.filter((attack) =>
    words.some((word) => attack.name.includes(word) || attack.class === word)
  );
}

/** `held  network  net_other_port  failed  812 ms`, and a line for each problem. */
function rowOf({ attack, outcome, problems, ms }: Verdict, width: number): string[] {
  const mark = problems.length === 0 ? "held  " : "BROKEN";
  const columns = [mark, attack.class.padEnd(10), attack.name.padEnd(width), outcome.padEnd(14)];
  return [`${columns.join("  ")}  ${ms} ms`, ...problems.map((problem) => `        ${problem}`)];
}
