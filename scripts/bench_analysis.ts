/**
 * `deno task bench:analysis [TRACES…]`: how long the analysis of a long recording takes and how much
 * memory, by the number of its traces. A recorded login is followed by ever more traffic of the same
 * app, answers of 8 to 10 KB full of values that nobody carries on. Each measurement is a process of its
 * own that reads the recording from the store. Ends in exit code 1 when a target is missed.
 */
import { readHar } from "../lib/capture/har.ts";
import { authMarks } from "../lib/capture/marks.ts";
import { noiseReason } from "../lib/capture/noise.ts";
import type { Exchange } from "../lib/http/exchange.ts";
import { TraceStore } from "../lib/store/trace_store.ts";
import { readRecording } from "../fixtures/apps/recording.ts";
import { withTempFolder } from "../tests/support/temp_folder.ts";
import type { AnalysisReport } from "./bench/analysis_worker.ts";
import { longRecording } from "./bench/long_recording.ts";

const FIXTURE = "oidc_query";
const SIZES = [100, 1_000, 10_000];
const ROUNDS = 3;
const WORKER = new URL("./bench/analysis_worker.ts", import.meta.url);

/** For 10,000 traces on two cores. */
const MAX_MS = 2_000;
const MAX_BYTES = 450_000_000;

interface Measurement extends AnalysisReport {
  readonly traces: number;
}

if (import.meta.main) {
  const sizes = Deno.args.length > 0 ? Deno.args.map(Number) : SIZES;
  const measurements: Measurement[] = [];
  console.log("traces   analysis ms   cpu ms   growth   n log n   peak memory");
  for (const traces of sizes) {
    const measurement = { traces, ...await measure(traces) };
    printRow(measurement, measurements.at(-1));
    measurements.push(measurement);
  }
  Deno.exitCode = judge(measurements) ? 0 : 1;
}

/** The round with the median time. */
async function measure(traces: number): Promise<AnalysisReport> {
  return await withTempFolder(async (folder) => {
    const path = `${folder}/captures.db`;
    await fill(path, traces);
    const reports: AnalysisReport[] = [];
    for (let round = 0; round < ROUNDS; round++) reports.push(await runWorker(path));
    return reports.sort((a, b) => a.ms - b.ms)[Math.floor(ROUNDS / 2)]!;
  });
}

async function fill(path: string, traces: number): Promise<void> {
  const { har } = await readRecording(FIXTURE);
  const { creator, exchanges } = readHar(new TextEncoder().encode(har), `${FIXTURE}.har`);
  using store = TraceStore.open(path);
  const meta = { file: `${FIXTURE}.har`, sha256: "0".repeat(64), creator, skipped: 0 };
  const importedAt = new Date().toISOString();
  store.addCapture({ ...meta, importedAt, sanitised: false }, marked(exchanges, traces));
}

function* marked(recorded: readonly Exchange[], traces: number) {
  for (const exchange of longRecording(recorded, traces)) {
    yield { ...exchange, marks: authMarks(exchange), noise: noiseReason(exchange) };
  }
}

async function runWorker(path: string): Promise<AnalysisReport> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", WORKER.pathname, path],
    stdin: "null",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("The analysis failed");
  return JSON.parse(new TextDecoder().decode(stdout)) as AnalysisReport;
}

function printRow(measurement: Measurement, smaller: Measurement | undefined): void {
  const { traces, ms, cpuMs, peakBytes } = measurement;
  const growth = smaller === undefined ? "-" : (ms / smaller.ms).toFixed(1);
  const allowed = smaller === undefined ? "-" : allowedGrowth(smaller, measurement).toFixed(1);
  console.log(
    `${String(traces).padStart(6)} ${ms.toFixed(0).padStart(13)} ${cpuMs.toFixed(0).padStart(8)} ${
      growth.padStart(8)
    } ` +
      `${allowed.padStart(9)} ${`${(peakBytes / 1e6).toFixed(0)} MB`.padStart(13)}`,
  );
}

function allowedGrowth(smaller: Measurement, larger: Measurement): number {
  const cost = ({ traces }: Measurement) => traces * Math.log(traces);
  return cost(larger) / cost(smaller);
}

/** Answers whether every target is met. */
function judge(measurements: readonly Measurement[]): boolean {
  const problems = measurements.flatMap((measurement, index) => {
    const { traces, ms, peakBytes, result } = measurement;
    const smaller = measurements[index - 1];
    const tooSteep = smaller !== undefined && ms / smaller.ms > allowedGrowth(smaller, measurement);
    return [
      ...(result === "flow" ? [] : [`${traces} traces: the login was not found (${result})`]),
      ...(tooSteep ? [`${traces} traces: grows faster than n log n`] : []),
      ...(traces <= 10_000 && ms > MAX_MS ? [`${traces} traces: over ${MAX_MS} ms`] : []),
      ...(traces <= 10_000 && peakBytes > MAX_BYTES
        ? [`${traces} traces: over ${MAX_BYTES / 1e6} MB`]
        : []),
    ];
  });
  for (const problem of problems) console.log(problem);
  if (problems.length === 0) console.log("all targets met");
  return problems.length === 0;
}
