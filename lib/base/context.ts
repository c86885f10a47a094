/**
 * Everything impure a verb may touch, handed in so that a test can hand in something else: clock,
 * random, environment, network, terminal, cancellation.
 */
import type { Config } from "./config.ts";
import type { Deadlines } from "./deadlines.ts";
import type { AppError } from "./error.ts";
import type { Redactor } from "./redact.ts";

export interface Context {
  readonly clock: Clock;
  readonly random: Random;
  readonly env: Environment;
  /** The network of the tool itself (never of a script, which has the sandbox's). */
  readonly fetch: typeof fetch;
  readonly term: Terminal;
  /** Secrets seen in this process. Every text on its way out passes through it. */
  readonly redactor: Redactor;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** `--home`, if given; else the store looks at `KEYSMITH_HOME` and the platform's data folder. */
  readonly homeOption: string | undefined;
  /** `--config`, if given. */
  readonly configOption: string | undefined;
  /** Absolute: where the command was started, and whose `keysmith.yaml` is looked at. */
  readonly workingFolder: string;
  /**
   * Of a server: begins the watch that ends the program when it is lost in a computation. Before the first work whose
   * length others decide: it takes as long to begin as a list takes.
   */
  readonly watch?: () => Promise<void>;
  /** Of a server: what it goes on with while a configuration file cannot be read. */
  readonly heldConfig?: HeldConfig;
  /** Of a server: the time-outs of its calls, on one timer. */
  readonly deadlines?: Deadlines;
  /**
   * What scripts run in. Left out, and so by every command, it is a process of its own with the walls around it; tests
   * of what a script does lend its Worker without them.
   */
  readonly startSandbox?: StartSandbox | undefined;
}

/** @param net the `host:port` pairs that it may reach at most */
export type StartSandbox = (net: readonly string[]) => Promise<SandboxProcess>;

/** A started sandbox with its three pipes. */
export interface SandboxProcess extends Pick<Deno.ChildProcess, "stdin" | "status" | "kill"> {
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
}

export interface HeldConfig {
  /** The last one that could be read. */
  last: Config | null;
  /** Why the one there is now cannot; `null` when it can. */
  problem: AppError | null;
}

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
}

export interface Random {
  /** `length` cryptographically strong random bytes. */
  bytes(length: number): Uint8Array;
}

export interface Environment {
  get(name: string): string | undefined;
}

/** The user's side of the tool. Implementations redact and escape what they print. */
export interface Terminal {
  /** False with `--no-input`, `CI`, or when stdin or stderr is not a TTY: prompts then throw `NO_INPUT`. */
  readonly interactive: boolean;
  /** Writes a line of result to stdout. */
  out(text: string): void;
  /** Writes a line for the human to stderr. */
  err(text: string): void;
  /** @throws {AppError} `NO_INPUT` without a terminal, `INTERRUPTED` on Ctrl-C. */
  promptText(label: string): Promise<string>;
  /** As `promptText`, without echo. */
  promptSecret(label: string): Promise<string>;
  /** @throws {AppError} `NO_INPUT` without a terminal, `INTERRUPTED` on Ctrl-C. */
  confirm(question: string): Promise<boolean>;
}
