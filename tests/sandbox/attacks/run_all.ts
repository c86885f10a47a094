import type { keysmith } from "../../support/keysmith.ts";
import type { Attack } from "./attack.ts";
import { runAttack, type Verdict } from "./run_attack.ts";

/** Runs attacks, `parallel` at a time; verdicts in the order of the attacks. */
export async function runAttacks(
  attacks: readonly Attack[],
  parallel: number,
  login: typeof keysmith,
  onVerdict: (verdict: Verdict) => void = () => {},
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  let next = 0;
  async function worker(): Promise<void> {
    for (let index = next++; index < attacks.length; index = next++) {
      const verdict = await runAttack(attacks[index]!, login);
      verdicts[index] = verdict;
      onVerdict(verdict);
    }
  }
  await Promise.all(Array.from({ length: parallel }, worker));
  return verdicts;
}
