/** One measurement of the analysis: `analysis_worker.ts captures.db`. Prints an `AnalysisReport`. */
import { readFileSync } from "node:fs";
import process from "node:process";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Analysis } from "../../lib/correlate/flow.ts";
import { TraceStore } from "../../lib/store/trace_store.ts";

export interface AnalysisReport {
  readonly result: Analysis["kind"];
  /** Reading the traces from the store and analysing them. */
  readonly ms: number;
  /** The same on the processor, all threads together: tells a busy machine from slow code. */
  readonly cpuMs: number;
  /** Resident memory of the whole process at its highest. */
  readonly peakBytes: number;
}

const [path = ""] = Deno.args;
const start = performance.now();
const cpuStart = process.cpuUsage();
using store = TraceStore.open(path, { readOnly: true });
const { kind } = analyzeLogin(store.traces({ includeNoise: true }));
const ms = performance.now() - start;
const { user, system } = process.cpuUsage(cpuStart);
const cpuMs = (user + system) / 1_000;
const report: AnalysisReport = { result: kind, ms, cpuMs, peakBytes: peakBytes() };
console.log(JSON.stringify(report));

/** Where the system does not say, what is held at the end. */
function peakBytes(): number {
  if (Deno.build.os !== "linux") return Deno.memoryUsage().rss;
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return Number(kibibytes) * 1024;
}
