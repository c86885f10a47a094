/** Shows what a capture, or all captures of an app, are made of. */
import type { Context } from "../base/context.ts";
import type { AuthMark, NoiseReason, Trace } from "../http/exchange.ts";
import { parseUrl } from "../http/url.ts";
import { openHome } from "../store/home.ts";
import { requireCapture } from "../store/require_capture.ts";
import { type CaptureInfo, TraceStore } from "../store/trace_store.ts";

export interface ShowCaptureInput {
  readonly app: string;
  /** `c_01`, …; all captures of the app when left out. */
  readonly capture?: string;
}

export interface ShowCaptureOutput {
  readonly app: string;
  readonly captures: readonly CaptureInfo[];
  /** ISO 8601, UTC; `null` without traces. */
  readonly firstRequest: string | null;
  readonly lastRequest: string | null;
  readonly traces: number;
  /** The busiest first. */
  readonly origins: readonly OriginSummary[];
  /** Traces per mark. */
  readonly marks: Readonly<Partial<Record<AuthMark, number>>>;
  /** Traces that take no part, per reason. */
  readonly noise: Readonly<Partial<Record<NoiseReason, number>>>;
}

export interface OriginSummary {
  readonly origin: string;
  readonly traces: number;
  /** Of these, take no part in analysis. */
  readonly noise: number;
  /** Of these, look related to authentication. */
  readonly marked: number;
}

/** @throws {AppError} `NOT_FOUND` for an app or a capture that does not exist. */
export async function showCapture(
  ctx: Context,
  input: ShowCaptureInput,
): Promise<ShowCaptureOutput> {
  const home = openHome(ctx);
  await home.requireApp(input.app);
  using store = TraceStore.open(home.appFile(input.app, "captures.db"), { readOnly: true });
  const captures = input.capture === undefined
    ? store.captures()
    : [requireCapture(store, input.app, input.capture)];
  const traces = store.traces({
    includeNoise: true,
    withoutBodies: true,
    ...(input.capture === undefined ? {} : { captureId: input.capture }),
  });
  return {
    app: input.app,
    captures,
    firstRequest: isoTime(traces.at(0)),
    lastRequest: isoTime(traces.at(-1)),
    traces: traces.length,
    origins: summarizeOrigins(traces),
    marks: countBy(traces.flatMap((trace) => trace.marks)),
    noise: countBy(traces.flatMap((trace) => trace.noise ?? [])),
  };
}

function summarizeOrigins(traces: readonly Trace[]): OriginSummary[] {
  const groups = Map.groupBy(traces, (trace) => parseUrl(trace.request.url)?.origin ?? "");
  return [...groups].map(([origin, group]) => ({
    origin,
    traces: group.length,
    noise: group.filter((trace) => trace.noise !== null).length,
    marked: group.filter((trace) => trace.marks.length > 0).length,
  })).sort((a, b) => b.traces - a.traces);
}

function countBy<K extends string>(keys: readonly K[]): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

function isoTime(trace: Trace | undefined): string | null {
  return trace === undefined ? null : new Date(trace.startedAtMs).toISOString();
}
