/** The recordings of `fixtures/recordings/` with the login flow that is found in each. */
import { fileURLToPath } from "node:url";
import { readHar } from "../../lib/capture/har.ts";
import { authMarks } from "../../lib/capture/marks.ts";
import { noiseReason } from "../../lib/capture/noise.ts";
import { analyzeRecording } from "../../lib/correlate/failed_attempts.ts";
import type { LoginFlow } from "../../lib/correlate/flow.ts";
import type { Trace } from "../../lib/http/exchange.ts";

const RECORDINGS = fileURLToPath(new URL("../../fixtures/recordings/", import.meta.url));

export interface Recorded {
  readonly name: string;
  readonly flow: LoginFlow;
  /** By `Trace.id`, in time order. */
  readonly traces: ReadonlyMap<string, Trace>;
}

/** The recording with its flow; `null` when there is none to be proven. */
export function recordedFlow(name: string): Recorded | null {
  return flowOfFile(RECORDINGS + name, name);
}

/** As above, for a file anywhere. */
export function flowOfFile(path: string, name: string): Recorded | null {
  const { exchanges } = readHar(Deno.readFileSync(path), path);
  const recorded = exchanges.map((exchange, index): Trace => ({
    ...exchange,
    id: `t_${String(index + 1).padStart(4, "0")}`,
    captureId: "c1",
    marks: authMarks(exchange),
    noise: noiseReason(exchange),
  }));
  const { analysis, traces } = analyzeRecording(recorded);
  if (analysis.kind !== "flow") return null;
  return { name, flow: analysis.flow, traces: new Map(traces.map((one) => [one.id, one])) };
}

/** Every recording that has a flow. */
export function recordedFlows(): Recorded[] {
  return [...Deno.readDirSync(RECORDINGS)].map(({ name }) => name)
    .filter((name) => name.endsWith(".har")).sort()
    .map(recordedFlow).filter((recorded) => recorded !== null);
}
