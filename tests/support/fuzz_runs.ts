/** `KEYSMITH_FUZZ_RUNS` for a whole fuzz run, else the number that keeps the suite fast. */
export function fuzzRuns(small: number): number {
  const given = Number(Deno.env.get("KEYSMITH_FUZZ_RUNS"));
  return Number.isInteger(given) && given > 0 ? given : small;
}
