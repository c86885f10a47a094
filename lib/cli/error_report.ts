/** The one place that turns what was thrown into an exit code and a report without secrets. */
import { AppError, messageOf } from "../base/error.ts";
import { redactJson } from "../base/redact_json.ts";
import type { Redactor } from "../base/redact.ts";
import { escapeLines } from "../term/terminal.ts";
import { machineFault } from "./machine_fault.ts";

export interface ErrorReport {
  readonly exitCode: number;
  /** For stderr, without a final line break: redacted and escaped. */
  readonly text: string;
  /** For stdout with `--json`. */
  readonly document: { readonly error: Readonly<Record<string, unknown>> };
}

/**
 * `interrupted`: a signal arrived before the failure, which is then a consequence of it. An error that
 * is neither an `AppError` nor a fault of the machine is a bug; a stack is shown with `debug` alone.
 */
export function reportError(
  thrown: unknown,
  { redactor, interrupted, debug }: { redactor: Redactor; interrupted: boolean; debug: boolean },
): ErrorReport {
  const error = interrupted ? new AppError("INTERRUPTED", "Interrupted") : asAppError(thrown);
  const code = error === undefined ? "INTERNAL" : error.code;
  const message = error === undefined
    ? `Unexpected failure: ${nameAndMessage(thrown)}`
    : error.message;
  const hint = error === undefined
    ? "this is a bug in keysmith; KEYSMITH_DEBUG=1 shows where"
    : error.hint;
  const lines = [`keysmith: ${message}`];
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  lines.push(...debugLines(error?.details["debug"]));
  if (debug && thrown instanceof Error && thrown.stack) lines.push(thrown.stack);
  return {
    exitCode: error?.exitCode ?? 1,
    text: escapeLines(redactor.redact(lines.join("\n"))),
    document: {
      error: redactJson(
        { code, message, hint: hint ?? null, details: error?.details ?? {} },
        redactor,
      ) as Record<string, unknown>,
    },
  };
}

/** The last lines that a script printed say most of why it failed. */
const MAX_DEBUG_LINES = 20;

function debugLines(debug: unknown): string[] {
  if (!Array.isArray(debug)) return [];
  const shown = debug.slice(-MAX_DEBUG_LINES).map((line) => `  debug: ${String(line)}`);
  const left = debug.length - shown.length;
  return left === 0 ? shown : [`  debug: (${left} more before)`, ...shown];
}

function asAppError(thrown: unknown): AppError | undefined {
  return thrown instanceof AppError ? thrown : machineFault(thrown);
}

function nameAndMessage(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${messageOf(thrown)}` : messageOf(thrown);
}
