/**
 * The sandbox process: the same program in its hidden mode, with an empty environment and pipes only.
 *
 * Its main isolate holds the nonce, closes the process by means of the operating system, starts the Worker in
 * which the script runs, gives up every permission of its own before the script is handed over, forwards
 * messages, and watches memory and processor time. It never evaluates anything of the script. The parent ends
 * it; so does the end of stdin, should the parent be gone.
 */
import process from "node:process";
import { readFirstLine } from "./first_line.ts";
import { precededBy, readLines } from "./line_reader.ts";
import type { GuestConfig, GuestMessage, GuestReach, WorkerSetup } from "./protocol.ts";
import { connectsTo } from "./reach.ts";
import { closeProcess } from "./walls/close_process.ts";
import type { WallReport } from "./walls/wall_report.ts";

/** How often memory and processor time are looked at, in milliseconds. */
const WATCH_INTERVAL_MS = 50;

/** The configuration carries the script and perhaps a refresh token; answers carry what users type. */
const MAX_INPUT_LINE_BYTES = 4 * 1024 * 1024;

/**
 * Runs until the parent closes stdin or kills the process. `readable`: the folders that the program lies in,
 * none for an executable.
 */
export async function runChild(readable: readonly string[]): Promise<void> {
  const first = readFirstLine(Deno.stdin, MAX_INPUT_LINE_BYTES);
  if (first === null) return;
  ignoreSignals();
  const config = JSON.parse(first.line) as GuestConfig;
  const say = (json: string) => writeLine(`${config.nonce} ${json}`);
  say(message({ kind: "walls", walls: raiseWalls(readable, config) }));
  const lines = readLines(precededBy(first.rest, Deno.stdin.readable), MAX_INPUT_LINE_BYTES);
  const worker = await readyWorker(config);
  worker.onmessage = ({ data }) => {
    if (typeof data === "string" && !data.includes("\n")) say(data);
  };
  const script = await lines.next();
  if (!script.done) {
    worker.postMessage(script.value);
    say(message({ kind: "started" }));
    await forwardAnswers(lines, worker, config, say);
  }
  worker.terminate();
}

/** Before any other thread works for this process, see `readFirstLine()`; calling the C library ends here. */
function raiseWalls(readable: readonly string[], { reach }: GuestConfig): WallReport {
  const report = closeProcess({ readable, hosts: connectsTo(reach) });
  Deno.permissions.revokeSync({ name: "ffi" });
  return report;
}

/**
 * Ctrl-C at a terminal goes to every process of the group. Whether the script ends is the parent's to
 * say: it lets a refresh under way finish, for the answer may hold the only refresh token that is good.
 */
function ignoreSignals(): void {
  const names: readonly Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const name of names) Deno.addSignalListener(name, () => {});
}

async function forwardAnswers(
  lines: AsyncGenerator<string>,
  worker: Worker,
  config: GuestConfig,
  say: (json: string) => void,
): Promise<void> {
  worker.onerror = (event) => {
    event.preventDefault();
    say(message({ kind: "error", name: "Error", message: event.message, line: null }));
  };
  const watch = startWatch(config, (limit) => {
    worker.terminate();
    say(message({ kind: "limit", limit }));
  });
  for await (const line of lines) worker.postMessage(line);
  clearInterval(watch);
}

/**
 * Starts the Worker, waits until it has loaded everything, the last thing that needs a permission, and
 * gives all permissions up.
 */
async function readyWorker(config: GuestConfig): Promise<Worker> {
  const permissions = workerPermissions(config.reach);
  const worker = new Worker(workerUrl(), { type: "module", name: "guest", deno: { permissions } });
  const ready = Promise.withResolvers<void>();
  worker.onerror = (event) => ready.reject(new Error(event.message));
  worker.onmessage = ({ data }) => {
    const { reach, parts, watched } = config;
    if (data === "loaded") worker.postMessage({ reach, parts, watched } satisfies WorkerSetup);
    if (data === "ready") ready.resolve();
  };
  await ready.promise;
  for (const name of ["read", "write", "env", "run", "ffi", "sys", "import", "net"] as const) {
    Deno.permissions.revokeSync({ name });
  }
  return worker;
}

/** The second wall, which holds on its own where the compartment inside the Worker should not. */
export function workerPermissions(reach: GuestReach): Deno.PermissionOptionsObject {
  const net = connectsTo(reach);
  return {
    net: net.length > 0 ? net : false,
    read: false,
    write: false,
    env: false,
    run: false,
    ffi: false,
    sys: false,
    import: false,
  };
}

/** At the same place below the main module, whether bundled or not. */
function workerUrl(): URL {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new URL(`./lib/sandbox/worker.${extension}`, Deno.mainModule);
}

function startWatch(config: GuestConfig, stop: (limit: "cpu" | "memory") => void) {
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage();
    const isOverMemory = Deno.memoryUsage().rss > config.memoryBytes;
    if (!isOverMemory && (user + system) / 1000 <= config.cpuMs) return;
    clearInterval(timer);
    stop(isOverMemory ? "memory" : "cpu");
  }, WATCH_INTERVAL_MS);
  return timer;
}

function message(value: GuestMessage): string {
  return JSON.stringify(value);
}

/** Blocks while the pipe is full, which holds back a script that floods it. */
function writeLine(line: string): void {
  const bytes = new TextEncoder().encode(`${line}\n`);
  for (let offset = 0; offset < bytes.length;) {
    offset += Deno.stdout.writeSync(bytes.subarray(offset));
  }
}
