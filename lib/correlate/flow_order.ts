/**
 * The order of a recording whose times tell nothing: an API client writes its collection with one time for
 * all, the login wherever somebody filed it. What a request carries was issued before, so the answer that
 * issues a value stands before its carriers; else the order of the file stays.
 */
import type { Trace } from "../http/exchange.ts";
import { splitScheme } from "../http/auth_scheme.ts";
import { isOpaque } from "../http/opaque.ts";
import { Occurrences } from "./occurrences.ts";
import { type Message, Recording } from "./recording.ts";

/** The traces as they are where their times differ, else in the order of what they issue and carry. */
export function inFlowOrder(traces: readonly Trace[]): Trace[] {
  const isTold = traces.some(({ startedAtMs }) => startedAtMs !== traces[0]!.startedAtMs);
  return isTold || traces.length < 2 ? [...traces] : byFlow(traces);
}

/** Depth first in the order of the file, issuers before the request that asks for them. */
function byFlow(traces: readonly Trace[]): Trace[] {
  const recording = new Recording(traces);
  const occurrences = new Occurrences(recording);
  const noise = traces.filter((trace) => trace.noise !== null && trace.noise !== "static-asset");
  const ordered: Trace[] = [...noise];
  const reached = new Set<number>();
  const visit = (message: Message): void => {
    if (reached.has(message.index)) return;
    reached.add(message.index);
    for (const index of issuersOf(message, occurrences)) visit(recording.at(index));
    ordered.push(message.trace);
  };
  recording.messages.forEach(visit);
  return ordered;
}

/** For each opaque value that the request carries the first answer to issue it: to a request without it. */
function issuersOf({ leaves }: Message, occurrences: Occurrences): number[] {
  return leaves.map(({ value }) => splitScheme(value).credentials).filter(isOpaque)
    .flatMap((credentials) => occurrences.issuer(credentials)?.index ?? []);
}
