/**
 * A child process that loads everything it needs, says `ready` and waits, so that a crowd of them can
 * start at the same moment, or one of them be killed in the middle of its work and not of its start.
 *
 *     child → parent   `ready`, then any lines of JSON
 *     parent → child   `go`
 */
import { fileURLToPath } from "node:url";
import { createInterface, type Interface } from "node:readline";
import { type ChildProcess, spawn } from "node:child_process";

export class WaitingProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #exit: Promise<void>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    const reader: Interface = createInterface({ input: child.stdout! });
    this.#lines = reader[Symbol.asyncIterator]();
    this.#exit = new Promise((resolve) => child.once("close", () => resolve()));
  }

  /** Starts `deno run -A <script> <args>` and waits until it is ready. */
  static async start(script: URL, args: readonly string[]): Promise<WaitingProcess> {
    const child = spawn(
      Deno.execPath(),
      ["run", "--quiet", "-A", "--no-prompt", fileURLToPath(script), ...args],
      { stdio: ["pipe", "pipe", "inherit"] },
    );
    const process = new WaitingProcess(child);
    const line = await process.line();
    if (line !== "ready") throw new Error(`${script} did not start: ${line}`);
    return process;
  }

  go(): void {
    this.#child.stdin!.on("error", () => {});
    this.#child.stdin!.write("go\n");
  }

  /** The next line of the child; `undefined` when it has ended. */
  async line(): Promise<string | undefined> {
    const { value, done } = await this.#lines.next();
    return done ? undefined : value;
  }

  /** SIGKILL; harmless when it is gone. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Resolves when the child is gone and its pipes are closed. */
  async ended(): Promise<void> {
    await this.#exit;
  }
}

/** The child's side: says `ready` and resolves at `go`. */
export async function waitForGo(): Promise<void> {
  console.log("ready");
  await Deno.stdin.read(new Uint8Array(16));
}
