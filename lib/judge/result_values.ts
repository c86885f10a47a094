/** What a script hands over and no recorded request need have carried: a refresh token, a Digest's secret. */
import { isRefreshName } from "../http/vocabulary.ts";
import type { JudgedRuns } from "./compared_values.ts";
import type { Evidence } from "./evidence.ts";
import { heldBy } from "./held_values.ts";
import type { Objection } from "./run.ts";
import type { TypedJudge } from "./typed_values.ts";

export function resultObjections(
  runs: JudgedRuns,
  evidence: Evidence,
  judge: TypedJudge,
): Objection[] {
  const refuse = (where: string, problem: string): Objection => ({ trace: null, where, problem });
  const { first, second, reenacted } = runs;
  if (first.result !== null && reenacted.result === null) {
    return [refuse("script", "does not come to its end with everything as it was recorded")];
  }
  const computed = (first.result?.computed ?? []).flatMap((text, at) =>
    judge.inputOf(text, second.result?.computed[at]) === null
      ? [refuse("result computed credential", "is not what is asked for")]
      : []
  );
  return [
    ...computed,
    ...refreshToken(runs, evidence).map((problem) => refuse("result refresh_token", problem)),
  ];
}

/** The recorded answer names it, so that no other value passes for it. */
function refreshToken({ first, reenacted }: JudgedRuns, evidence: Evidence): string[] {
  const of = (run: JudgedRuns["first"]) =>
    run.result?.parameters.find(([name]) => name === "refresh_token")?.[1];
  const [sent, again] = [of(first), of(reenacted)];
  if (sent === undefined) return [];
  if (!heldBy(first).has(sent)) return ["is not what an answer held"];
  const named = [...evidence.issued.values()].filter(({ name }) => isRefreshName(name));
  const isNamed = named.length === 0 || named.some(({ value }) => value === again);
  return isNamed ? [] : ["is another value than the refresh token of the answers"];
}
