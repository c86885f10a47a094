/** The values of requests, each with a name for its place that is the same in every run. */
import type { HttpRequest, Trace } from "../http/exchange.ts";
import { placeKey, requestValues } from "../judge/request_values.ts";

export interface PlacedValue {
  /** `Trace.id` of the recorded request. */
  readonly trace: string;
  readonly where: string;
  /** Of all places of all requests this one. */
  readonly place: string;
  readonly value: string;
}

/** @param trace of the recorded request, which this one is or stands for */
export function placedValues(trace: string, request: HttpRequest): PlacedValue[] {
  return requestValues(request).map(({ kind, where, value }) => ({
    trace,
    where,
    value,
    place: `${trace} ${placeKey({ kind, where })}`,
  }));
}

export function recordedValues(traces: readonly Trace[]): PlacedValue[] {
  return traces.flatMap(({ id, request }) => placedValues(id, request));
}
