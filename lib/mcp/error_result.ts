/** Failures on purpose as results of `tools/call`: loaded with a list, where answers are not. */
import type { CallToolResult } from "@modelcontextprotocol/server";
import type { AppError } from "../base/error.ts";
import type { Redactor } from "../base/redact.ts";

/** The message and the hint, word for word as the shell prints them. */
export function errorResult(error: AppError, redactor: Redactor): CallToolResult {
  return { content: [{ type: "text", text: errorText(error, redactor) }], isError: true };
}

/** Message and hint, masked. */
export function errorText(error: AppError, redactor: Redactor): string {
  const hint = error.hint === undefined ? "" : `\nhint: ${error.hint}`;
  return redactor.redact(`${error.message}${hint}`);
}
