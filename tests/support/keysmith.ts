/**
 * The real command line for tests: as a child process (the executable named by `KEYSMITH_BIN`, else
 * `deno run`), or within the test's own process, which is faster. What it writes is looked through for
 * secrets each time.
 */
import { fileURLToPath } from "node:url";
import { runWithin } from "../../lib/cli/run.ts";
import { answeredSecrets, assertNoSecret, printsSecrets, storedSecrets } from "./leaks.ts";
import { scriptSandbox } from "./worker_sandbox.ts";

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** The Keysmith home. */
  readonly home: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** In place of the executable under test; `null` for `deno run`. */
  readonly executable?: string | null;
  readonly signal?: AbortSignal;
  /** Within this process: scripts run in the closed process all the same. */
  readonly isClosed?: boolean;
}

/** The executable under test, or `null` for `deno run`. */
export const EXECUTABLE: string | null = Deno.env.get("KEYSMITH_BIN") || null;

const MAIN = fileURLToPath(new URL("../../main.ts", import.meta.url));
const decoder = new TextDecoder();

/** What starts the command line: program and leading arguments. */
export function keysmithCommand(
  executable: string | null = EXECUTABLE,
): { readonly program: string; readonly args: readonly string[] } {
  return executable === null
    ? { program: Deno.execPath(), args: ["run", "--quiet", "-A", "--no-prompt", MAIN] }
    : { program: executable, args: [] };
}

/** Runs the command line as a child process, to its end. Its output may show no secret. */
export async function keysmith(args: readonly string[], options: CliOptions): Promise<CliRun> {
  return await withoutLeaks(args, options, runChild);
}

async function runChild(args: readonly string[], options: CliOptions): Promise<CliRun> {
  const child = spawnKeysmith(args, options);
  const writer = child.stdin.getWriter();
  const writing = writer.write(new TextEncoder().encode(options.stdin ?? ""))
    .then(() => writer.close()).catch(() => {});
  const { code, stdout, stderr } = await child.output();
  await writing;
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Starts the command line with pipes; the caller ends it. */
export function spawnKeysmith(args: readonly string[], options: CliOptions): Deno.ChildProcess {
  const { program, args: leading } = keysmithCommand(options.executable);
  return new Deno.Command(program, {
    args: [...leading, ...args],
    env: { KEYSMITH_HOME: options.home, NO_COLOR: "1", ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/**
 * Runs the command line within this process. Without a terminal, and with no environment but the given
 * one. Its output may show no secret.
 */
export async function keysmithWithin(
  args: readonly string[],
  options: CliOptions,
): Promise<CliRun> {
  return await withoutLeaks(args, options, runHere);
}

/** The executable where there is one to test, else the faster of the two. */
export const testedKeysmith = EXECUTABLE === null ? keysmithWithin : keysmith;

async function withoutLeaks(
  args: readonly string[],
  options: CliOptions,
  run: (args: readonly string[], options: CliOptions) => Promise<CliRun>,
): Promise<CliRun> {
  const secrets = [...answeredSecrets(options.stdin ?? ""), ...storedSecrets(options.home)];
  const result = await run(args, options);
  if (!printsSecrets(args)) {
    secrets.push(...storedSecrets(options.home));
    assertNoSecret(`keysmith ${args.join(" ")}`, `${result.stdout}${result.stderr}`, secrets);
  }
  return result;
}

async function runHere(args: readonly string[], options: CliOptions): Promise<CliRun> {
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  const env: Record<string, string> = { KEYSMITH_HOME: options.home, ...options.env };
  const code = await runWithin(args, {
    streams: {
      stdin: {
        isTerminal: false,
        readAll: () => Promise.resolve(new TextEncoder().encode(options.stdin ?? "")),
        chunks: () => ReadableStream.from([new TextEncoder().encode(options.stdin ?? "")]),
      },
      stdout: { isTerminal: false, write: (bytes) => void stdout.push(bytes) },
      stderr: { isTerminal: false, write: (bytes) => void stderr.push(bytes) },
    },
    env: { get: (name) => env[name] },
    signal: options.signal ?? new AbortController().signal,
    startSandbox: options.isClosed ? undefined : scriptSandbox,
    ...(options.cwd === undefined ? {} : { folder: options.cwd }),
  });
  return { code, stdout: joined(stdout), stderr: joined(stderr) };
}

function joined(chunks: readonly Uint8Array[]): string {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return decoder.decode(bytes);
}
