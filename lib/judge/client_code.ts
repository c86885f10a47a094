/** The client's own code in a recording: what it holds, nobody typed and no answer issued. */
import { bodyText } from "../http/body.ts";
import type { Trace } from "../http/exchange.ts";
import { isPaddedJson } from "../http/jsonp.ts";
import { isScript } from "./answer_values.ts";

/** The texts of the scripts, in time order. */
export function clientCode(traces: readonly Trace[]): string[] {
  return traces.flatMap((trace) =>
    trace.response?.body && isClientCode(trace)
      ? [bodyText(trace.response.headers, trace.response.body)]
      : []
  );
}

/** JSON wrapped in a call (JSONP) is served as a script and is data. */
export function isClientCode(trace: Trace): boolean {
  return trace.response !== null && isScript(trace.response) && !isPaddedJson(trace);
}
