/** Which prompt a run sends the answer of, told by what two runs of other people sent. */
import type { JudgedRuns } from "./compared_values.ts";

/** The input whose answer both runs sent as this value; `null` when there is none. */
export function inputOf(
  { first, second }: JudgedRuns,
  one: string | undefined,
  other: string | undefined,
): string | null {
  if (one === undefined || other === undefined) return null;
  for (const [name, answer] of first.answers) {
    if (answer === one && second.answers.get(name) === other) return name;
  }
  return null;
}

/** The inputs whose answers stand in one of the texts of each run. */
export function inputsWithin(
  { first, second }: JudgedRuns,
  one: readonly string[],
  other: readonly string[],
): string[] {
  return [...first.answers].filter(([name, answer]) => {
    const again = second.answers.get(name) ?? "";
    return answer !== "" && again !== "" && one.some((part) => part.includes(answer)) &&
      other.some((part) => part.includes(again));
  }).map(([name]) => name);
}
