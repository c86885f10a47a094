/**
 * `deno task bench:sandbox`: how long a script's sandbox takes from its start to the script's result, with the walls of
 * the operating system and without, in turns on the same machine; under `deno run`, and for `dist/bundle` compiled
 * twice. A process that may not call the C library raises none. Takes `--base npm` as `deno task compile`
 * does. Ends in exit code 1 where the walls take more than the target.
 */
import process from "node:process";
import {
  denoEnvironment,
  HIDDEN_MODE,
  runArguments,
  startIn,
} from "../lib/sandbox/child_process.ts";
import { guestProgram } from "../lib/sandbox/guest_program.ts";
import { DEFAULT_GUEST_LIMITS } from "../lib/sandbox/limits.ts";
import type { GuestConfig } from "../lib/sandbox/protocol.ts";
import { compileExecutable } from "./build/compile_executable.ts";
import { ROOT } from "./build/bundle.ts";
import { npmDenortBase } from "./build/denort_base.ts";

const ROUNDS = 25;
const MAX_RATIO = 1.15;
const HOST = "login.example.com:443";
const FFI = "--allow-ffi";

interface Form {
  readonly name: string;
  readonly withWalls: () => Deno.ChildProcess;
  readonly without: () => Deno.ChildProcess;
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir({ prefix: "keysmith-bench-" });
  try {
    const base = Deno.args.join(" ") === "--base npm" ? await npmDenortBase() : null;
    const forms = [await fromCheckout(), await fromExecutable(folder, base)];
    let met = true;
    for (const form of forms) met = await compare(form) && met;
    Deno.exitCode = met ? 0 : 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function fromCheckout(): Promise<Form> {
  const args = runArguments([HOST], await guestProgram());
  const start = (given: readonly string[]) => startIn(Deno.execPath(), given, denoEnvironment());
  return {
    name: "deno run",
    withWalls: () => start(args),
    without: () => start(args.filter((flag) => !flag.startsWith(FFI))),
  };
}

async function fromExecutable(folder: string, base: string | null): Promise<Form> {
  const common = { bundleFolder: `${ROOT}/dist/bundle`, target: null, base };
  await compileExecutable({ ...common, output: `${folder}/closed` });
  await compileExecutable({ ...common, output: `${folder}/open`, without: FFI });
  return {
    name: "executable",
    withWalls: () => startIn(`${folder}/closed`, [HIDDEN_MODE], {}),
    without: () => startIn(`${folder}/open`, [HIDDEN_MODE], {}),
  };
}

/** Answers whether the target is met. The first round warms the disk's cache and is dropped. */
async function compare({ name, withWalls, without }: Form): Promise<boolean> {
  const times: Record<"closed" | "open", number[]> = { closed: [], open: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    const open = await run(without(), false);
    const closed = await run(withWalls(), true);
    if (round === 0) continue;
    times.open.push(open);
    times.closed.push(closed);
  }
  const [open, closed] = [median(times.open), median(times.closed)];
  const ratio = closed / open;
  console.log(
    `${name.padEnd(11)} without ${open.toFixed(1)} ms, with ${closed.toFixed(1)} ms: ` +
      `${ratio.toFixed(2)}, at most ${MAX_RATIO}`,
  );
  return ratio <= MAX_RATIO;
}

/** Milliseconds from the start to the result. @throws {Error} where the walls are not as wanted. */
async function run(child: Deno.ChildProcess, wantsWalls: boolean): Promise<number> {
  const startedAt = performance.now();
  const { cpuMs, memoryBytes } = DEFAULT_GUEST_LIMITS;
  const config: GuestConfig = {
    nonce: "bench",
    reach: { hosts: [HOST], replayPort: null, plainHttp: false },
    parts: { cookies: true, html: false },
    watched: [],
    cpuMs,
    memoryBytes,
  };
  const javascript = "({ acquire_token: () => ({ headers: { a: 'b' } }) })";
  const lines = [config, { javascript, entry: { kind: "acquire" } }];
  const writer = child.stdin.getWriter();
  await writer.write(
    new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join("")),
  );
  let said = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    if (said.includes('"result"')) break;
  }
  const ms = performance.now() - startedAt;
  child.kill("SIGKILL");
  await Promise.all([child.status, child.stderr.cancel(), writer.abort().catch(() => {})]);
  const hasWalls = said.includes('"system_calls":true');
  if (hasWalls !== wantsWalls && process.platform === "linux") {
    throw new Error(`The walls are ${hasWalls ? "there" : "missing"}: ${said.split("\n")[0]}`);
  }
  return ms;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
