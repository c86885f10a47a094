/**
 * `judge_rules_worker.ts RULE…`: runs the tests of the judge with each of these rules off. Where all of them pass,
 * it judges what the flow of each recording sends, with every mistake of an analysis and of a careless script in
 * it, with all rules of `judge/` and with the one off. What is then left is tried at the end on those tests of
 * other rooms that ask the rule, which take longest. Prints one line of JSON for each rule: its key, and the
 * first test or flow that it decides. Part of `bench_rules.ts`, as `rules_worker.ts` is.
 */
import type { LoginFlow } from "../../lib/correlate/flow.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowMistakes } from "./flow_mistakes.ts";
import { flowMutations } from "./flow_mutations.ts";
import { forgetDrawn, playedProof } from "./played_proof.ts";
import { recordedFlows } from "./recorded_flows.ts";
import { switchedOff, touching } from "./rule_switch.ts";
import { AskingTests } from "./asking_tests.ts";
import { JudgeTests } from "./judge_tests.ts";

interface Subject {
  readonly name: string;
  readonly right: LoginFlow;
  readonly played: LoginFlow;
  readonly traces: readonly Trace[];
}

interface Judged {
  readonly subject: Subject;
  readonly answer: string;
  readonly touched: ReadonlySet<string>;
}

/** A line about no rule, so that the silence does not end the worker; it names the rule that is tried. */
function sayBusy(rule = ""): void {
  console.log(JSON.stringify(["", [rule]]));
}

function say(rule: string, decided: readonly string[]): void {
  console.log(JSON.stringify([rule, decided]));
}

/** The flows of all recordings, judged with all rules when they are first asked. */
class Flows {
  #judged: readonly Judged[] | undefined;

  /** The first flow whose verdict differs without the rule. */
  decidedBy(rule: string): string[] {
    const judged = this.#judged ??= judgedSubjects();
    /** What is read of a recording is read for its first subject. */
    const touched = Map.groupBy(judged, ({ subject }) => subject.traces);
    const asking = judged.filter(({ subject }) =>
      touched.get(subject.traces)!.some((one) => one.touched.has(rule))
    ).toSorted((a, b) => +b.touched.has(rule) - +a.touched.has(rule));
    const judgeWithout = judging();
    const deciding = asking.find(({ subject, answer }) => {
      sayBusy(rule);
      return switchedOff(rule, () => judgeWithout(subject)) !== answer;
    });
    return deciding === undefined ? [] : [deciding.subject.name];
  }
}

function judgedSubjects(): Judged[] {
  const judge = judging();
  const subjects = recordedFlows().flatMap(({ name, flow, traces }) =>
    subjectsOf(name, flow, [...traces.values()])
  );
  return subjects.map((subject) => {
    sayBusy();
    return { subject, ...touching(() => judge(subject)) };
  });
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

if (import.meta.main) {
  const [own, flows, others] = [await JudgeTests.load(), new Flows(), new AskingTests()];
  const left: string[] = [];
  for (const rule of Deno.args) {
    sayBusy(rule);
    const tests = await own.decidedBy(rule);
    const decided = tests.length > 0 ? tests : flows.decidedBy(rule);
    if (decided.length > 0) say(rule, decided);
    else left.push(rule);
  }
  for (const rule of left) {
    const alive = setInterval(() => sayBusy(rule), 30_000);
    say(rule, await others.decidedBy(rule));
    clearInterval(alive);
  }
}
