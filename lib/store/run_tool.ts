/** Runs a tool of the system with its input on stdin. */
import { AppError } from "../base/error.ts";
import { toolProgram } from "../base/permitted_programs.ts";

export interface ToolResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `args` are seen by every process on the machine: no secret goes there. */
export type ToolRunner = (
  command: string,
  args: readonly string[],
  stdin: string,
  timeoutMs: number,
) => Promise<ToolResult>;

/**
 * Runs `command` to its end.
 *
 * @throws {AppError} `UNSUPPORTED` when it is not installed or takes longer than `timeoutMs`.
 */
export async function runTool(
  command: string,
  args: readonly string[],
  stdin: string,
  timeoutMs: number,
): Promise<ToolResult> {
  const child = spawn(command, args);
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  try {
    // Both at once: a tool may answer before it has read everything.
    const [{ code, signal, stdout, stderr }] = await Promise.all([
      child.output(),
      feed(child, stdin),
    ]);
    if (signal === "SIGKILL") {
      throw unusable(command, `it did not end within ${timeoutMs / 1000} s`);
    }
    return { code, stdout: decode(stdout), stderr: decode(stderr) };
  } finally {
    clearTimeout(timer);
  }
}

function spawn(command: string, args: readonly string[]): Deno.ChildProcess {
  try {
    const start = toolProgram(command, args);
    return new Deno.Command(start.program, {
      args: start.args,
      ...start.environment,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw unusable(command, "it is not installed");
    throw error;
  }
}

/** A tool that ends without reading its input breaks the pipe; its exit code says why it ended. */
async function feed(child: Deno.ChildProcess, stdin: string): Promise<void> {
  try {
    await new Blob([stdin]).stream().pipeTo(child.stdin);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Where a tool that Linux distributions leave out comes from. */
const PACKAGES: Readonly<Record<string, string>> = {
  "secret-tool": "the package libsecret-tools (Debian, Ubuntu) or libsecret (Fedora, Arch, Alpine)",
};

function unusable(command: string, reason: string): AppError {
  return new AppError("UNSUPPORTED", `Cannot use "${command}": ${reason}`, {
    hint: `Install ${
      PACKAGES[command] ?? "it"
    }, or keep token state in files: keysmith config set store file`,
    details: { command },
  });
}
