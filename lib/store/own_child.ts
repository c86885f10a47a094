/** A child of this same program in one of its hidden modes, for work that must not take this process with it. */
import { AppError } from "../base/error.ts";
import { ownProgram } from "../base/permitted_programs.ts";

export interface OwnChildOptions {
  /** The hidden mode, as the first argument. */
  readonly mode: string;
  readonly input: string;
  readonly timeoutMs: number;
  /** Folders and files; a compiled program has its permissions baked in. */
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  /**
   * Resident memory that ends the child, in bytes. Seen where `/proc` says it (Linux); under `deno run` the
   * engine's heap is bound by it on every system.
   */
  readonly memoryBytes?: number;
}

export interface OwnChildEnd {
  readonly stdout: string;
  readonly stderr: string;
  /** What it was ended for. */
  readonly limit: "time" | "memory" | null;
}

const LOOK_EVERY_MS = 50;

/** @throws {AppError} `INTERRUPTED`. */
export async function runOwnChild(
  options: OwnChildOptions,
  signal?: AbortSignal,
): Promise<OwnChildEnd> {
  const child = start(options);
  let limit: OwnChildEnd["limit"] = null;
  const end = (reason: OwnChildEnd["limit"]) => {
    limit ??= reason;
    kill(child);
  };
  const onAbort = () => end(null);
  signal?.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(() => end("time"), options.timeoutMs);
  const { memoryBytes = Infinity } = options;
  const watch = setInterval(() => {
    if (residentBytes(child.pid) > memoryBytes) end("memory");
  }, LOOK_EVERY_MS);
  try {
    const feeding = new Blob([options.input]).stream().pipeTo(child.stdin).catch(() => {});
    const [{ stdout, stderr }] = await Promise.all([child.output(), feeding]);
    if (signal?.aborted) throw new AppError("INTERRUPTED", "Interrupted");
    const words = new TextDecoder().decode(stderr);
    const isHeapFull = limit === null && /JavaScript out of memory|heap limit/i.test(words);
    return {
      stdout: new TextDecoder().decode(stdout),
      stderr: words,
      limit: isHeapFull ? "memory" : limit,
    };
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    signal?.removeEventListener("abort", onAbort);
  }
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

function start({ mode, read = [], write = [], memoryBytes }: OwnChildOptions): Deno.ChildProcess {
  const main = new URL("../../main.ts", import.meta.url).href;
  const runArguments = [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-remote",
    "--cached-only",
    ...(read.length === 0 ? [] : [`--allow-read=${listOf(read)}`]),
    ...(write.length === 0 ? [] : [`--allow-write=${listOf(write)}`]),
  ];
  return new Deno.Command(ownProgram(), {
    args: Deno.build.standalone ? [mode] : [...runArguments, main, mode],
    clearEnv: true,
    env: { ...environment(), ...heapLimit(memoryBytes) },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** A comma in a path is written twice. */
function listOf(paths: readonly string[]): string {
  return paths.map((path) => path.replaceAll(",", ",,")).join(",");
}

function heapLimit(memoryBytes: number | undefined): Record<string, string> {
  if (memoryBytes === undefined) return {};
  return { DENO_V8_FLAGS: `--max-old-space-size=${Math.floor(memoryBytes / 1024 / 1024)}` };
}

/** Where `deno run` keeps its cache, and what sockets on Windows need. */
function environment(): Record<string, string> {
  const names = ["DENO_DIR", "HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "SystemRoot"];
  const set = names.map((name) => [name, Deno.env.get(name)]);
  return Object.fromEntries(set.filter(([, value]) => value !== undefined));
}

/** 0 where nobody says. */
function residentBytes(pid: number): number {
  if (Deno.build.os !== "linux") return 0;
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
