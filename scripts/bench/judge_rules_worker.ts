/**
 * `judge_rules_worker.ts RULE…`: judges what the flow of each recording sends, with every mistake of an analysis
 * and of a careless script in it, first with all rules of `judge/`, then with each of these rules off. Prints one
 * line of JSON for each rule: its key and flows whose verdict differs, no more than are shown. A rule that
 * decides none is tried on those tests of the judge that ask it. Part of `bench_rules.ts`, as `rules_worker.ts` is.
 */
import type { LoginFlow } from "../../lib/correlate/flow.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowMistakes } from "./flow_mistakes.ts";
import { flowMutations } from "./flow_mutations.ts";
import { forgetDrawn, playedProof } from "./played_proof.ts";
import { recordedFlows } from "./recorded_flows.ts";
import { switchedOff, touching } from "./rule_switch.ts";
import { AskingTests } from "./asking_tests.ts";

interface Subject {
  readonly name: string;
  readonly right: LoginFlow;
  readonly played: LoginFlow;
  readonly traces: readonly Trace[];
}

/** Deciding flows that are looked for. */
const ENOUGH = 3;

if (import.meta.main) {
  const subjects = recordedFlows().flatMap(({ name, flow, traces }) =>
    subjectsOf(name, flow, [...traces.values()])
  );
  const judge = judging();
  const known = subjects.map((subject) => {
    sayBusy();
    return { subject, ...touching(() => judge(subject)) };
  });
  /** What is read of a recording is read for its first subject. */
  const touched = Map.groupBy(known, ({ subject }) => subject.traces);
  console.log(JSON.stringify(["", subjects.map(({ name }) => name)]));
  const tests = new AskingTests();
  // Tests take long; a rule that keeps the judge busy for ever lets no line through.
  const alive = setInterval(sayBusy, 30_000);
  for (const rule of Deno.args) {
    const judgeWithout = judging();
    const asking = known.filter(({ subject }) =>
      touched.get(subject.traces)!.some((one) => one.touched.has(rule))
    ).toSorted((a, b) => +b.touched.has(rule) - +a.touched.has(rule));
    const decided = asking.values().filter(({ subject, answer }) => {
      sayBusy();
      return switchedOff(rule, () => judgeWithout(subject)) !== answer;
    }).take(ENOUGH).map(({ subject }) => subject.name).toArray();
    console.log(JSON.stringify([rule, decided.length > 0 ? decided : await tests.decidedBy(rule)]));
  }
  clearInterval(alive);
}

/** A line about no rule. */
function sayBusy(): void {
  console.log(JSON.stringify(["", []]));
}

function subjectsOf(name: string, right: LoginFlow, traces: readonly Trace[]): Subject[] {
  const mistakes = [...flowMistakes(right)].map((mistake) => ({
    name: `${name} ${mistake.kind} ${mistake.of}`,
    right,
    played: mistake.flow,
    traces,
  }));
  const mutations = [...flowMutations(right)].map((mutation) => ({
    name: `${name} ${mutation.name}`,
    right,
    played: mutation.flow,
    traces,
  }));
  return [{ name, right, played: right, traces }, ...mistakes, ...mutations];
}

/** The verdict on a subject: evidence is read anew, once for each recording, and the same people are invented. */
function judging(): (subject: Subject) => string {
  const copies = new Map<readonly Trace[], readonly Trace[]>();
  return ({ right, played, traces }) => {
    seed();
    const copy = copies.get(traces) ?? [...traces];
    copies.set(traces, copy);
    try {
      const { passed, open } = playedProof(right, copy, played);
      return JSON.stringify([passed, open.toSorted()]);
    } catch (error) {
      return `throws ${error instanceof Error ? error.message : error}`;
    }
  };
}

function seed(): void {
  forgetDrawn();
  let state = 0x9e3779b9;
  crypto.getRandomValues = ((array: Uint8Array) => {
    for (let at = 0; at < array.length; at++) {
      state = Math.imul(state, 1_103_515_245) + 12_345 >>> 0;
      array[at] = state >>> 16;
    }
    return array;
  }) as typeof crypto.getRandomValues;
}
