/** A `Context` whose clock is set by hand and whose terminal is answered from a list. */
import type { Context } from "../../lib/base/context.ts";
import { AppError } from "../../lib/base/error.ts";
import { Redactor } from "../../lib/base/redact.ts";
import { scriptSandbox } from "./worker_sandbox.ts";

export interface FakeContextOptions {
  /** The Keysmith home. */
  readonly home?: string;
  readonly nowMs?: number;
  /** The working folder. */
  readonly folder?: string;
  readonly interactive?: boolean;
  /** Answers to the prompts, in order; afterwards a prompt throws `NO_INPUT`. */
  readonly answers?: readonly string[];
  /** Answers to the questions, in order; afterwards the answer is no. */
  readonly confirmations?: readonly boolean[];
  readonly signal?: AbortSignal;
}

export interface FakeContext extends Context {
  nowMs: number;
  /** What was written to stderr. */
  readonly lines: string[];
  /** The labels and questions shown. */
  readonly asked: string[];
}

export function fakeContext(options: FakeContextOptions = {}): FakeContext {
  const answers = [...options.answers ?? []];
  const confirmations = [...options.confirmations ?? []];
  const lines: string[] = [];
  const asked: string[] = [];
  const prompt = (label: string): Promise<string> => {
    asked.push(label);
    const answer = answers.shift();
    return answer === undefined
      ? Promise.reject(
        new AppError("NO_INPUT", `Cannot ask for "${label}"`, { details: { label } }),
      )
      : Promise.resolve(answer);
  };
  const context: FakeContext = {
    nowMs: options.nowMs ?? 1_800_000_000_000,
    lines,
    asked,
    clock: { nowMs: () => context.nowMs },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    env: { get: () => undefined },
    fetch: globalThis.fetch,
    term: {
      interactive: options.interactive ?? false,
      out: () => {},
      err: (text) => void lines.push(text),
      promptText: prompt,
      promptSecret: prompt,
      confirm: (question) => {
        asked.push(question);
        return Promise.resolve(confirmations.shift() ?? false);
      },
    },
    redactor: new Redactor(),
    signal: options.signal ?? new AbortController().signal,
    homeOption: options.home,
    startSandbox: scriptSandbox,
    configOption: undefined,
    workingFolder: options.folder ?? Deno.cwd(),
  };
  return context;
}
