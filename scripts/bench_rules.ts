/**
 * `deno task bench:rules [-k EXPRESSION] [FOLDER…]`: every rule of the analysis switched off alone, over all
 * recordings: those of fixtures/, of the folders given (each HAR file, and each folder of HAR files with its
 * answers.json, is one app), and those of the unit tests. A rule is a function marked `@rule off: VALUE`, see
 * `bench/rules.ts`; the expression chooses some by file and name. Printed is what each decides: recordings
 * whose outcome differs without it, in what is asked, sent or taken, or in the reasons of a refusal. A rule of
 * `judge/` decides verdicts: of the flows of fixtures/, right and with injected mistakes. Ends in exit code 1
 * when a rule decides nothing.
 */
import { TextLineStream } from "./bench/text_lines.ts";
import { copyFolder } from "./bench/copy_folder.ts";
import { importRecordings } from "./bench/import_recordings.ts";
import { keyOf, type Rule, rulesIn, withSwitches } from "./bench/rules.ts";
import { NOTED_FILES, noting } from "./bench/test_recordings.ts";
import { withTempFolder } from "../tests/support/temp_folder.ts";

const ROOT = new URL("../", import.meta.url).pathname;
const ROOMS = ["correlate", "http", "judge"];
const SHOWN = 3;
/** A rule may be what keeps a search from going on for ever. */
const MAX_SILENCE_MS = 300_000;

if (import.meta.main) {
  const at = Deno.args.indexOf("-k");
  const part = at < 0 ? "" : Deno.args[at + 1] ?? "";
  const folders = Deno.args.filter((_, index) => at < 0 || index !== at && index !== at + 1);
  Deno.exitCode = await withTempFolder((temp) => bench(temp, folders, part)) ? 0 : 1;
}

/** True when every rule decides something. */
async function bench(temp: string, folders: readonly string[], part: string): Promise<boolean> {
  const inputs = [`${temp}/home`, `${temp}/traces.jsonl`];
  const sources = [`${ROOT}fixtures/recordings`, ...folders];
  await copyProject(`${temp}/copy`);
  await importRecordings(inputs[0]!, sources);
  const rules = await rulesOf(`${temp}/copy`);
  const idle: Rule[] = [];
  const waiting = rules.filter((rule) => new RegExp(part).test(keyOf(rule)));
  console.log(`${waiting.length} rules`);
  const [ofJudge = [], ofAnalysis = []] = [true, false].map((isJudges) =>
    waiting.filter(({ file }) => file.startsWith("judge/") === isJudges)
  );
  if (ofAnalysis.length > 0) await noteTestRecordings(`${temp}/copy`, inputs[1]!);
  await putSwitches(`${temp}/copy`, rules);
  const tried = [
    decideAll(ofAnalysis, (keys) => decisions(`${temp}/copy`, "rules", [...inputs, ...keys])),
    decideAll(ofJudge, (keys) => decisions(`${temp}/copy`, "judge_rules", keys)),
  ];
  for (const rows of tried) {
    for await (const [rule, decided] of rows) {
      if (decided.length === 0) idle.push(rule);
      console.log(row(rule, decided));
    }
  }
  console.log(`\n${waiting.length - idle.length} of ${waiting.length} rules decide something`);
  for (const rule of idle) console.log(`decides nothing: ${keyOf(rule)}`);
  return idle.length === 0;
}

/** A worker that ends or falls silent over a rule is started again with the next one. */
async function* decideAll(
  rules: readonly Rule[],
  start: (keys: string[]) => AsyncGenerator<[string, string[]]>,
): AsyncGenerator<[Rule, string[]]> {
  for (let at = 0; at < rules.length;) {
    for await (const [key, decided] of start(rules.slice(at).map(keyOf))) {
      const rule = rules[at]!;
      if (key !== keyOf(rule)) continue;
      yield [rule, decided];
      at++;
    }
    if (at < rules.length) yield [rules[at++]!, ["no end of the analysis"]];
  }
}

async function copyProject(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  for (const name of ["deno.json", "deno.lock", "main.ts", "sandbox_main.ts"]) {
    await Deno.copyFile(ROOT + name, `${folder}/${name}`);
  }
  for (const name of ["lib", "scripts", "tests", "fixtures"]) {
    await copyFolder(ROOT + name, `${folder}/${name}`);
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
