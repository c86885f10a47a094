/**
 * `rules_worker.ts HOME TRACES RULE…`: analyses every app of a home and every recording of a file of traces,
 * first with all rules, then with each of these rules off. Prints one line of JSON for each rule: its key
 * and the names of the recordings whose outcome differs. Part of `bench_rules.ts`, which runs it on a copy of
 * lib/ that has a switch in every rule.
 *
 * A recording in which no call of the rule answers anything but what it answers when off is not tried.
 */
import { analyzeRecording } from "../../lib/correlate/failed_attempts.ts";
import type { Analysis } from "../../lib/correlate/flow.ts";
import { typedOf } from "../../lib/ops/analyze_auth.ts";
import { analysisOf } from "../../lib/ops/recorded_analysis.ts";
import { Home } from "../../lib/store/home.ts";
import { readTestRecordings } from "./test_recordings.ts";

interface Subject {
  readonly name: string;
  readonly analyse: () => Analysis;
}

/** The rule that is off, and where rules have mattered by the recording being analysed. */
let off: string | null = null;
let touched: Set<string> | null = null;

Object.assign(globalThis, { switchRule });

function switchRule(key: string, on: () => unknown, whenOff: () => unknown): unknown {
  if (key === off) return whenOff();
  const answer = on();
  if (touched !== null && !touched.has(key) && !isSame(answer, whenOff)) touched.add(key);
  return answer;
}

/** A rule that answers nothing may do something instead: that counts as different. */
function isSame(answer: unknown, whenOff: () => unknown): boolean {
  if (answer === undefined) return false;
  const held = touched;
  touched = null;
  try {
    const other = whenOff();
    if (Object.is(answer, other)) return true;
    return Array.isArray(answer) && Array.isArray(other) && answer.length + other.length === 0;
  } catch {
    return false;
  } finally {
    touched = held;
  }
}

if (import.meta.main) {
  const [folder = "", traces = "", ...rules] = Deno.args;
  const subjects = [...await recordedIn(new Home(folder)), ...testedIn(traces)];
  const unchanged = new Map<string, string>();
  const touching = new Map<string, Set<string>>();
  for (const subject of subjects) {
    touched = new Set();
    unchanged.set(subject.name, outcome(subject));
    touching.set(subject.name, touched);
    touched = null;
  }
  console.log(JSON.stringify(["", subjects.map(({ name }) => name)]));
  for (const rule of rules) {
    off = rule;
    const decided = subjects.filter((subject) =>
      touching.get(subject.name)!.has(rule) && outcome(subject) !== unchanged.get(subject.name)
    );
    console.log(JSON.stringify([rule, decided.map(({ name }) => name)]));
  }
}

async function recordedIn(home: Home): Promise<Subject[]> {
  return (await home.listApps()).map((app) => {
    const hints = hintsOf(home, app);
    return { name: app, analyse: () => analysisOf(home, app, hints).analysis };
  });
}

/** What `bench_rules.ts` left beside the captures. */
function hintsOf(home: Home, app: string): ReturnType<typeof typedOf> {
  try {
    const answers = JSON.parse(Deno.readTextFileSync(home.appFile(app, "answers.json")));
    return typedOf(Object.entries<string>(answers));
  } catch {
    return [];
  }
}

function testedIn(path: string): Subject[] {
  return readTestRecordings(path).map(({ name, recorded, options }) => ({
    name,
    analyse: () => analyzeRecording(recorded, options).analysis,
  }));
}

/** Equal for two analyses when the same is asked, sent and taken, or refused for the same reasons. */
function outcome({ analyse }: Subject): string {
  try {
    return canonical(analyse());
  } catch (error) {
    return `throws ${error instanceof Error ? error.message : error}`;
  }
}

/** Names that the flow gives to its values are numbered; how things are described is left out. */
function canonical(analysis: Analysis): string {
  if (analysis.kind === "none" || analysis.kind === "refused") return JSON.stringify(analysis);
  const { flow } = analysis;
  const names = [
    ...flow.inputs.map(({ name }) => name),
    ...flow.generated.map(({ id }) => id),
    ...[...flow.steps, ...flow.refresh?.steps ?? []].flatMap(({ extractions }) =>
      extractions.map(({ id }) => id)
    ),
  ];
  const numbers = new Map([...new Set(names)].map((name, index) => [name, `#${index}`]));
  const reasons = analysis.kind === "draft" ? analysis.reasons.length : 0;
  return JSON.stringify({ kind: analysis.kind, reasons, flow }, (key, value) => {
    if (key === "label") return undefined;
    const isReference = ["input", "extraction", "generated", "id", "name"].includes(key);
    return isReference && typeof value === "string" ? numbers.get(value) ?? value : value;
  });
}
