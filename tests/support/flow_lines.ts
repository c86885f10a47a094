/** The flow of a recording in lines, and which of them a test wants. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines, flowOf } from "./flow_text.ts";
import { capture } from "./traces.ts";

/** As `s2 body password = $password`. */
export function linesOf(...traces: readonly Trace[]): string[] {
  return [...flowLines(flowOf(analyzeLogin(capture(...traces))))];
}

export function has(lines: readonly string[], ...wanted: readonly string[]): void {
  for (const line of wanted) assert.ok(lines.includes(line), `${line}\n${lines.join("\n")}`);
}
