/** Everything that a run carries: the values of its requests, and what it hands over in the end. */
import type { HttpResponse } from "../http/exchange.ts";
import { type RequestValue, requestValues } from "./request_values.ts";
import type { RunResult, ScriptRun } from "./run.ts";

/** Of a request, with its answer, or of the result. */
export interface Carried {
  readonly trace: string | null;
  readonly values: readonly RequestValue[];
  readonly answer: HttpResponse | null;
}

/** In its order. */
export function carriedBy({ sent, result }: ScriptRun): Carried[] {
  return [
    ...sent.map(({ request, trace, answer }) => ({
      trace,
      answer,
      values: requestValues(request),
    })),
    { trace: null, answer: null, values: resultPlaces(result) },
  ];
}

/** What a script hands over, as a request of the app would carry it; `where` begins with `result`. */
export function resultPlaces(result: RunResult | null): RequestValue[] {
  if (result === null) return [];
  const headers = Object.entries(result.headers);
  const request = { method: "GET", url: "http://result.invalid/", headers, body: null };
  return [
    ...requestValues(request).filter(({ kind }) => kind !== "path"),
    ...result.parameters.map(([name, value]) =>
      ({ kind: "query", name, value, where: `parameter "${name}"` }) as const
    ),
  ].map((place) => ({ ...place, where: `result ${place.where}` }));
}
