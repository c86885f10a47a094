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
import { switchedOff, touching } from "./rule_switch.ts";
import { readTestRecordings } from "./test_recordings.ts";

interface Subject {
  readonly name: string;
  readonly analyse: () => Analysis;
}

if (import.meta.main) {
  const [folder = "", traces = "", ...rules] = Deno.args;
  const subjects = [...await recordedIn(new Home(folder)), ...testedIn(traces)];
  const known = subjects.map((subject) => {
    // A line about no rule: the worker is busy, not silent.
    console.log(JSON.stringify(["", []]));
    return { subject, ...touching(() => outcome(subject)) };
  });
  console.log(JSON.stringify(["", subjects.map(({ name }) => name)]));
  for (const rule of rules) {
    const decided = known.filter(({ subject, answer, touched }) =>
      touched.has(rule) && switchedOff(rule, () => outcome(subject)) !== answer
    );
    console.log(JSON.stringify([rule, decided.map(({ subject }) => subject.name)]));
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
