/**
 * The shape of a command: what it takes, a pure function from words to input, and the work. Each
 * command is one file under `commands/`, loaded when it is asked for.
 */
import type { Context } from "../base/context.ts";
import type { Flags } from "./flags.ts";
import type { Output } from "./output.ts";

export interface Session {
  readonly ctx: Context;
  readonly output: Output;
  readonly stdin: Stdin;
}

/** For values that must not stand on the command line. */
export interface Stdin {
  readonly isTerminal: boolean;
  /** All of it. */
  text(): Promise<string>;
  /** The same as it arrives. */
  chunks(): AsyncIterable<Uint8Array>;
}

export interface Option {
  /** commander's notation: `-o, --output <format>`, `--host <host:port...>`. */
  readonly flags: string;
  readonly summary: string;
}

export interface Command<Input> {
  /** commander's notation: `<app>`, `[file...]`. */
  readonly operands: readonly (readonly [notation: string, summary: string])[];
  readonly options: readonly Option[];
  /** Printed under the options by `--help`. Never holds a literal secret. */
  readonly examples: readonly string[];
  /**
   * Of a command that works on what others wrote: the longest it may compute without a pause, in seconds; what
   * takes longer is ended (`watch.ts`).
   */
  readonly stillSec?: number;
  /** The command begins that watch itself (`ctx.watch`), later than with its first step. */
  readonly watchesItself?: boolean;
  /** True where the work is done in files alone: what it takes to start programs or to connect is given up before. */
  readonly filesOnly?: true;
  /** True where a browser of the user's choice is started. */
  readonly opensBrowser?: true;
  /** Pure. @throws {AppError} `USAGE`. */
  parse(operands: readonly string[], flags: Flags): Input;
  /** Answers the exit code where it is not 0. */
  run(session: Session, input: Input): Promise<number | void>;
}

/** Gives `parse` and `run` of one command the same `Input`. */
export function defineCommand<Input>(command: Command<Input>): Command<Input> {
  return command;
}
