/**
 * `deno task bench:rules [-k EXPRESSION] [--results FILE] [FOLDER…]`: every rule of the analysis switched off
 * alone, over all recordings: those of fixtures/, of the folders given (each HAR file, and each folder of HAR
 * files with its answers.json, is one app), and those of the unit tests. A rule is a function marked
 * `@rule off: VALUE`, see `bench/rules.ts`; the expression chooses some by file and name. Printed is what each
 * decides: recordings whose outcome differs without it, in what is asked, sent or taken, or in the reasons of a
 * refusal. A rule of `judge/` decides verdicts: of its tests, or of the flows of fixtures/, right and with
 * injected mistakes. Ends in exit code 1 when a rule decides nothing.
 *
 * The whole takes hours. Each rule is printed when it is decided, and added to the file of results; rules
 * that stand there already are not tried again, so that a run which was ended goes on where it was.
 */
import { parseArgs } from "node:util";
import { TextLineStream } from "./bench/text_lines.ts";
import { copyProject } from "./bench/copy_project.ts";
import { importRecordings } from "./bench/import_recordings.ts";
import { keyOf, type Rule, rulesIn, withSwitches } from "./bench/rules.ts";
import { RuleResults } from "./bench/rule_results.ts";
import { NOTED_FILES, noting } from "./bench/test_recordings.ts";
import { withTempFolder } from "../tests/support/temp_folder.ts";

const ROOT = new URL("../", import.meta.url).pathname;
const ROOMS = ["correlate", "http", "judge"];
const SHOWN = 3;
/** A rule may be what keeps a search from going on for ever. */
const MAX_SILENCE_MS = 300_000;

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    options: { part: { type: "string", short: "k" }, results: { type: "string" } },
    allowPositionals: true,
  });
  const results = new RuleResults(values.results);
  const part = new RegExp(values.part ?? "");
  Deno.exitCode = await withTempFolder((temp) => bench(temp, positionals, part, results)) ? 0 : 1;
}

/** True when every rule decides something. */
async function bench(
  temp: string,
  folders: readonly string[],
  part: RegExp,
  results: RuleResults,
): Promise<boolean> {
  await copyProject(ROOT, `${temp}/copy`);
  const rules = await rulesOf(`${temp}/copy`);
  const chosen = rules.filter((rule) => part.test(keyOf(rule)));
  console.log(`${chosen.length} rules`);
  for (const rule of chosen.filter((rule) => results.of(rule) !== undefined)) {
    console.log(row(rule, results.of(rule)!));
  }
  const waiting = chosen.filter((rule) => results.of(rule) === undefined);
  for await (const [rule, decided] of decideAll(temp, folders, rules, waiting)) {
    results.add(rule, decided);
    console.log(row(rule, decided));
  }
  const idle = chosen.filter((rule) => results.of(rule)?.length === 0);
  console.log(`\n${chosen.length - idle.length} of ${chosen.length} rules decide something`);
  for (const rule of idle) console.log(`decides nothing: ${keyOf(rule)}`);
  return idle.length === 0;
}

/**
 * @param rules all that get a switch
 * @param waiting those that are tried
 */
async function* decideAll(
  temp: string,
  folders: readonly string[],
  rules: readonly Rule[],
  waiting: readonly Rule[],
): AsyncGenerator<[Rule, string[]]> {
  const inputs = [`${temp}/home`, `${temp}/traces.jsonl`];
  const [ofJudge = [], ofAnalysis = []] = [true, false].map((isJudges) =>
    waiting.filter(({ file }) => file.startsWith("judge/") === isJudges)
  );
  if (ofAnalysis.length > 0) {
    await importRecordings(inputs[0]!, [`${ROOT}fixtures/recordings`, ...folders]);
    await noteTestRecordings(`${temp}/copy`, inputs[1]!);
  }
  await putSwitches(`${temp}/copy`, rules);
  const worker = (name: string, inputs: readonly string[]) => (keys: string[]) =>
    decisions(`${temp}/copy`, name, [...inputs, ...keys]);
  yield* decideEach(ofAnalysis, worker("rules", inputs));
  yield* decideEach(ofJudge, worker("judge_rules", []));
}

/** A worker that ends or falls silent over a rule is started again without that one. */
async function* decideEach(
  rules: readonly Rule[],
  start: (keys: string[]) => AsyncGenerator<[string, string[]]>,
): AsyncGenerator<[Rule, string[]]> {
  const pending = new Map(rules.map((rule) => [keyOf(rule), rule]));
  while (pending.size > 0) {
    let [tried = ""] = pending.keys();
    for await (const [key, said] of start([...pending.keys()])) {
      const rule = pending.get(key);
      if (rule === undefined) {
        // A line about no rule names the one that keeps the worker busy.
        if (pending.has(said[0] ?? "")) tried = said[0]!;
        continue;
      }
      pending.delete(key);
      yield [rule, said];
      if (tried === key) [tried = ""] = pending.keys();
    }
    const stuck = pending.get(tried);
    pending.delete(tried);
    if (stuck !== undefined) yield [stuck, ["no end of the analysis"]];
  }
}

/** In the order of their files, and of their places in each. */
async function rulesOf(folder: string): Promise<Rule[]> {
  const found: Rule[] = [];
  for (const room of ROOMS) {
    for (const path of await filesBelow(`${folder}/lib/${room}`)) {
      found.push(...rulesIn(path.slice(`${folder}/lib/`.length), await Deno.readTextFile(path)));
    }
  }
  return found;
}

/** Puts a switch into every rule of the copy. */
async function putSwitches(folder: string, rules: readonly Rule[]): Promise<void> {
  for (const [file, inFile] of Map.groupBy(rules, (rule) => rule.file)) {
    const path = `${folder}/lib/${file}`;
    await Deno.writeTextFile(path, withSwitches(await Deno.readTextFile(path), inFile));
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...await filesBelow(`${folder}/${name}`));
    else if (name.endsWith(".ts")) found.push(`${folder}/${name}`);
  }
  return found.sort();
}

/** Runs the tests of the analysis in the copy, once, to see their recordings. Fuzzers are left out. */
async function noteTestRecordings(folder: string, path: string): Promise<void> {
  for (const name of NOTED_FILES) {
    const target = `${folder}/lib/correlate/${name}`;
    await Deno.writeTextFile(target, noting(name, await Deno.readTextFile(target), path));
  }
  await Deno.writeTextFile(path, "");
  const tests = (await filesBelow(`${folder}/tests/correlate`)).filter((file) =>
    file.endsWith("_test.ts") && !file.includes("fuzz")
  );
  const args = ["test", "-A", "--no-check", "--quiet", ...tests];
  await new Deno.Command(Deno.execPath(), { args, cwd: folder, stdout: "null", stderr: "null" })
    .output();
  for (const name of NOTED_FILES) {
    await Deno.copyFile(`${ROOT}lib/correlate/${name}`, `${folder}/lib/correlate/${name}`);
  }
}

/** What the worker says, rule by rule, until it ends or is silent for too long. */
async function* decisions(
  folder: string,
  name: string,
  args: string[],
): AsyncGenerator<[string, string[]]> {
  const worker = `${folder}/scripts/bench/${name}_worker.ts`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", worker, ...args],
    cwd: folder,
    stdout: "piped",
  }).spawn();
  const stop = () => child.kill("SIGKILL");
  let timer = setTimeout(stop, MAX_SILENCE_MS);
  for await (
    const line of child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(
      new TextLineStream(),
    )
  ) {
    clearTimeout(timer);
    timer = setTimeout(stop, MAX_SILENCE_MS);
    yield JSON.parse(line);
  }
  clearTimeout(timer);
  const { code, signal } = await child.status;
  if (code !== 0 && signal === null) throw new Error("The analysis could not be run");
}

function row({ name, file }: Rule, decided: readonly string[]): string {
  const more = decided.length > SHOWN ? ", …" : "";
  const names = decided.slice(0, SHOWN).join(", ") + more;
  return `${String(decided.length).padStart(5)}  ${name.padEnd(34)} ${file.padEnd(38)} ${names}`;
}
