/**
 * The program of an `exec` secret: started without a shell, without standard input, bounded in time and
 * output. It gets the environment of the tool, as a password manager's helper needs it. What it writes
 * to stderr is shown to nobody: it may hold the secret.
 */
import type { TextSource } from "../base/config.ts";
import { AppError } from "../base/error.ts";
import type { Context } from "../base/context.ts";
import { anyProgram } from "../base/permitted_programs.ts";
import { MAX_SECRET_BYTES, SecretProblem } from "./secret_problem.ts";

type ExecSource = Extract<TextSource, { type: "exec" }>;

/** @throws {SecretProblem} when it cannot be started, fails, takes too long or writes too much. */
export async function runSecretProgram(
  ctx: Pick<Context, "signal">,
  source: ExecSource,
): Promise<string> {
  const program = source.command[0]!;
  const child = start(program, source.command.slice(1));
  const timeout = AbortSignal.timeout(source.timeoutSec * 1000);
  const stop = AbortSignal.any([ctx.signal, timeout]);
  try {
    const bytes = await readBounded(child.stdout, stop);
    if (ctx.signal.aborted) throw new AppError("INTERRUPTED", "Interrupted");
    if (timeout.aborted) {
      throw new SecretProblem(`program "${program}" took longer than ${source.timeoutSec} s`);
    }
    if (bytes === null) throw new SecretProblem(`program "${program}" wrote too much`);
    const { success, code } = await child.status;
    if (!success) throw new SecretProblem(`program "${program}" failed with exit code ${code}`);
    return new TextDecoder().decode(bytes);
  } finally {
    await end(child);
  }
}

function start(program: string, args: string[]): Deno.ChildProcess {
  try {
    const start = anyProgram(program, args);
    const options = { args: start.args, stdin: "null", stdout: "piped", stderr: "null" } as const;
    return new Deno.Command(start.program, { ...options, ...start.environment }).spawn();
  } catch (error) {
    if (error instanceof AppError) {
      throw new SecretProblem(error.message, error.hint === undefined ? {} : { hint: error.hint });
    }
    throw new SecretProblem(`program "${program}" cannot be started`, { cause: error });
  }
}

/**
 * Everything the program wrote; `null` when that was too much or it was told to stop. A program that
 * the program started may hold the pipe open, so the end is not waited for then.
 */
async function readBounded(
  stdout: ReadableStream<Uint8Array>,
  stop: AbortSignal,
): Promise<Uint8Array | null> {
  const reader = stdout.getReader();
  const cancel = () => void reader.cancel();
  stop.addEventListener("abort", cancel, { once: true });
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (stop.aborted) return null;
      if (done) return new Uint8Array(await new Blob(chunks).arrayBuffer());
      chunks.push(value as Uint8Array<ArrayBuffer>);
      length += value.length;
      if (length > MAX_SECRET_BYTES) return null;
    }
  } finally {
    stop.removeEventListener("abort", cancel);
    await reader.cancel();
  }
}

/** Leaves no program behind; one that has ended is not there to be killed. */
async function end(child: Deno.ChildProcess): Promise<void> {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
  }
  await child.status;
}
