/** One call of a function that a model wrote, in the sandbox, without network and without anybody to ask. */
import type { StartSandbox } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { parseJson } from "../base/json.ts";
import { hexBytes, type Value } from "../codec/bytes.ts";
import { quote } from "../codec/code.ts";
import { calledFunctions, type FoundFunction } from "../correlate/found_function.ts";
import type { GuestDialog } from "../sandbox/guest_run.ts";
import { type GuestError, type GuestOutcome, runGuest } from "../sandbox/host.ts";
import { DEFAULT_GUEST_LIMITS, MAX_RESULT_LENGTH } from "../sandbox/limits.ts";

/** With what it printed with `debug()`. */
export type FunctionOutcome = Yielded & { readonly debug: readonly string[] };

type Yielded =
  | { readonly kind: "value"; readonly value: Value }
  /** `name` of the error; `line` of the function's own code, from 1. */
  | GuestError & { readonly kind: "failed" };

export interface FunctionCall {
  readonly functions: readonly FoundFunction[];
  readonly name: string;
  readonly args: readonly Value[];
  readonly signal: AbortSignal;
  /** As of `Context`. */
  readonly startSandbox?: StartSandbox | undefined;
}

/** Results as the line protocol carries them: what escapes make of a text stays under the limit. */
const MAX_YIELDED = MAX_RESULT_LENGTH / 8;

/** @throws {AppError} `INTERRUPTED`. */
export async function runFunction(call: FunctionCall): Promise<FunctionOutcome> {
  try {
    return await run(call);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "SCRIPT_REFUSED") throw error;
    return { kind: "failed", name: "Error", message: error.message, line: null, debug: [] };
  }
}

async function run({ functions, name, args, ...around }: FunctionCall): Promise<FunctionOutcome> {
  const debug: string[] = [];
  const called = calledFunctions([name], functions).toSorted((one) => one.name === name ? -1 : 0);
  const outcome = await runGuest({
    source: [...called.map(({ code }) => code), callCode(name, args)].join("\n"),
    fileName: name,
    entry: { kind: "acquire" },
    network: { kind: "live", hosts: [] },
    limits: DEFAULT_GUEST_LIMITS,
    dialog: { ...NOBODY, debug: (line) => void debug.push(line) },
    ...around,
  });
  const lines = called[0]?.code.split("\n").length ?? 0;
  return { ...read(outcome, lines), debug };
}

function callCode(name: string, args: readonly Value[]): string {
  const call = `${name}(${args.map(literal).join(", ")})`;
  return `export async function acquire_token() {
  return await (async (...[yielded]: unknown[]) => {
    if (typeof yielded !== "string" && !(yielded instanceof Uint8Array)) {
      throw new TypeError("it returns no text and no Uint8Array");
    }
    if (yielded.length > ${MAX_YIELDED}) throw new RangeError("it returns too much");
    const value = typeof yielded === "string"
      ? JSON.stringify(yielded)
      : [...yielded].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return { headers: {}, body_params: { [typeof yielded === "string" ? "text" : "bytes"]: value } };
  })(await ${call});
}`;
}

function literal(value: Value): string {
  return typeof value === "string" ? quote(value) : `new Uint8Array([${value.join(",")}])`;
}

function read(outcome: GuestOutcome, ownLines: number): Yielded {
  switch (outcome.kind) {
    case "limit":
      return { name: "Error", message: outcome.message, line: null, kind: "failed" };
    case "failed": {
      const { name, message, line } = outcome.error;
      const isOwn = line !== null && line <= ownLines;
      return { name, message, line: isOwn ? line : null, kind: "failed" };
    }
    case "result": {
      const { text, bytes } = outcome.result.body_params ?? {};
      const value = typeof bytes === "string" ? hexBytes(bytes) : parseJson(String(text));
      if (typeof value === "string" || value instanceof Uint8Array) return { kind: "value", value };
      throw new Error("The sandbox answered no value");
    }
  }
}

function unasked(): Promise<never> {
  return Promise.reject(new AppError("NO_INPUT", "A function asks nobody"));
}

const NOBODY: Omit<GuestDialog, "debug"> = {
  promptText: unasked,
  promptSecret: unasked,
  confirm: unasked,
  tell: () => {},
};
