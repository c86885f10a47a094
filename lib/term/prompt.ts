/**
 * Questions to the person at the terminal, on stderr, so that stdout stays the result. Labels arrive
 * here already escaped. Loaded when the first question is asked.
 */
import { confirm, isCancel, password, text } from "@clack/prompts";
import process from "node:process";
import type { Writable } from "node:stream";
import { AppError } from "../base/error.ts";

export async function askText(label: string, signal: AbortSignal): Promise<string> {
  return answered<string>(await text({ message: label, output: screen(), signal })) ?? "";
}

/** As `askText`, showing a mark for each character instead of the character. */
export async function askSecret(label: string, signal: AbortSignal): Promise<string> {
  const options = { message: label, output: screen(), signal };
  return answered<string>(await password(options)) ?? "";
}

/** Answers no on a bare Return. */
export async function askYesNo(question: string, signal: AbortSignal): Promise<boolean> {
  const options = { message: question, initialValue: false, output: screen(), signal };
  return answered<boolean>(await confirm(options));
}

function answered<T>(answer: T | symbol): T {
  if (isCancel(answer)) throw new AppError("INTERRUPTED", "Interrupted");
  return answer as T;
}

/** stderr; a terminal that does not tell its width (0 columns) is taken to be 80 wide, as terminals were. */
function screen(): Writable {
  if (process.stderr.columns > 0) return process.stderr;
  return Object.create(process.stderr, { columns: { value: 80 } });
}
