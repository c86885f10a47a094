/** Builds the `Context` of a real run, and with given parts that of a test. */
import type { Context, Environment, StartSandbox } from "../base/context.ts";
import { allowingPlainHttp } from "../base/plain_http.ts";
import type { KeptPrograms } from "../base/permitted_programs.ts";
import type { Redactor } from "../base/redact.ts";
import type { Streams } from "../term/streams.ts";
import { ConsoleTerminal } from "../term/terminal.ts";

/** What a command has no use for: connections, and programs but the ones that are named. */
export interface Confinement {
  readonly net?: true;
  readonly programs: "none" | KeptPrograms;
}

/** What the process lends to one run of the command line. */
export interface Surroundings {
  readonly streams: Streams;
  readonly env: Environment;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** The working folder; that of the process when left out. */
  readonly folder?: string;
  /** Has the process ended when it computes for so many seconds without a pause. Not where it is shared. */
  readonly watch?: (stillSec: number) => Promise<void>;
  /** Gives up for good what the command has no use for. Not where the process is shared. */
  readonly confine?: (given: Confinement) => void;
  /** As of `Context`. */
  readonly startSandbox?: StartSandbox | undefined;
}

export interface GlobalOptions {
  readonly home: string | undefined;
  readonly config: string | undefined;
  readonly noInput: boolean;
  /** Of commands that send credentials. */
  readonly allowHttp: boolean;
  /** As of `Context`. */
  readonly watch?: () => Promise<void>;
}

export function buildContext(
  around: Surroundings,
  redactor: Redactor,
  options: GlobalOptions,
): Context {
  const { streams, signal } = around;
  const env = options.allowHttp ? allowingPlainHttp(around.env) : around.env;
  return {
    clock: { nowMs: () => Date.now() },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    env,
    fetch: globalThis.fetch,
    term: new ConsoleTerminal({ streams, env, redactor, signal, noInput: options.noInput }),
    redactor,
    signal,
    homeOption: options.home,
    configOption: options.config,
    startSandbox: around.startSandbox,
    workingFolder: around.folder ?? Deno.cwd(),
    ...(options.watch === undefined ? {} : { watch: options.watch }),
  };
}
