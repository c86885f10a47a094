/**
 * `deno task bench:start`: how long `dist/keysmith` takes to start, against an empty program compiled
 * with the same options on the same base, in turns on the same machine. Takes `--base npm` as
 * `deno task compile` does. Ends in exit code 1 when a target is missed.
 */
import { compileExecutable } from "./build/compile_executable.ts";
import { ROOT } from "./build/bundle.ts";
import { npmDenortBase } from "./build/denort_base.ts";

const EXECUTABLE = `${ROOT}/dist/keysmith`;
const ROUNDS = 21;
const MAX_SIZE_BYTES = 110_000_000;

/** What is measured; `maxRatio`: the most it may take, as a multiple of the empty program. */
const PROGRAMS = [
  { name: "empty program", args: null, maxRatio: null },
  { name: "--version", args: ["--version"], maxRatio: 1.3 },
  { name: "--help", args: ["--help"], maxRatio: 1.5 },
  { name: "auth --help", args: ["auth", "--help"], maxRatio: null },
  { name: "capture list", args: ["capture", "list"], maxRatio: null },
] as const;

if (import.meta.main) {
  const folder = await Deno.makeTempDir({ prefix: "keysmith-bench-" });
  try {
    const base = Deno.args.join(" ") === "--base npm" ? await npmDenortBase() : null;
    const empty = await compileEmpty(folder, base);
    const times = await measure(empty, folder);
    Deno.exitCode = printTable(times) ? 0 : 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function compileEmpty(folder: string, base: string | null): Promise<string> {
  await Deno.mkdir(`${folder}/bundle`);
  await Deno.writeTextFile(`${folder}/bundle/main.js`, "");
  const output = `${folder}/empty`;
  await compileExecutable({ bundleFolder: `${folder}/bundle`, output, target: null, base });
  return output;
}

/** Milliseconds of each program in each round. The first round warms the disk's cache and is dropped. */
async function measure(empty: string, home: string): Promise<number[][]> {
  const times: number[][] = PROGRAMS.map(() => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, { args }] of PROGRAMS.entries()) {
      const command = new Deno.Command(args === null ? empty : EXECUTABLE, {
        args: [...(args ?? [])],
        env: { KEYSMITH_HOME: `${home}/home` },
        stdin: "null",
        stdout: "null",
        stderr: "null",
      });
      const start = performance.now();
      const { success } = await command.output();
      if (!success) throw new Error(`"${PROGRAMS[index]!.name}" failed`);
      if (round > 0) times[index]!.push(performance.now() - start);
    }
  }
  return times;
}

/** Answers whether every target is met. */
function printTable(times: readonly number[][]): boolean {
  const base = median(times[0]!);
  let met = true;
  console.log("program          median ms   ratio   at most");
  for (const [index, { name, maxRatio }] of PROGRAMS.entries()) {
    const ms = median(times[index]!);
    const ratio = ms / base;
    met &&= maxRatio === null || ratio <= maxRatio;
    console.log(
      `${name.padEnd(15)} ${ms.toFixed(1).padStart(10)} ${ratio.toFixed(2).padStart(7)}` +
        `   ${maxRatio?.toFixed(1) ?? "-"}`,
    );
  }
  const size = Deno.statSync(EXECUTABLE).size;
  console.log(`file size: ${(size / 1e6).toFixed(1)} MB, at most ${MAX_SIZE_BYTES / 1e6} MB`);
  return met && size <= MAX_SIZE_BYTES;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
