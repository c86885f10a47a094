/**
 * The captures of an app as sessions: a login and what followed it, each one timeline. One login may be
 * spread over several files (split by time, or one per request), one file may have been exported twice, and
 * the same login may have been recorded again, by the same person or another.
 *
 * Captures belong together when they share an exchange, or when one carries a value that only the other
 * issues. They stay apart when each holds the accepted submission of the same login: those are two
 * sessions, and what differs between them is a constant of neither.
 */
import type { Trace } from "../http/exchange.ts";
import { inFlowOrder } from "./flow_order.ts";
import { findSubmissions } from "./login_run.ts";
import { Recording } from "./recording.ts";
import { continues, holds, partsOf, type SessionPart } from "./session_part.ts";
import { endpointOf } from "./sink.ts";

/** The sessions in the order of their last capture, each in the order in which things happened. */
export function sessionsOf(captures: readonly (readonly Trace[])[]): Trace[][] {
  const ordered = captures.map(inFlowOrder);
  if (ordered.length < 2) return ordered;
  return merged(partsOf(ordered), belongTogether, joined).toSorted((a, b) => a.newest - b.newest)
    .map(({ traces }) => [...traces]);
}

/** Joins whatever is together, until nothing is. */
export function merged<Part>(
  parts: Part[],
  isTogether: (a: Part, b: Part) => boolean,
  join: (a: Part, b: Part) => Part,
): Part[] {
  for (let at = 0; at < parts.length;) {
    const one = parts[at]!;
    const other = parts.findIndex((part, index) => index > at && isTogether(one, part));
    if (other < 0) at++;
    else parts = parts.with(at, join(one, parts[other]!)).toSpliced(other, 1);
  }
  return parts;
}

/**
 * The later logins of one recording, each with what follows it: somebody signed out and in again, or two
 * people did. They tell as much as recordings of their own. A login begins with the requests that led to the
 * first one as well.
 */
export function laterLogins(traces: readonly Trace[]): Trace[][] {
  const recording = new Recording(traces);
  const accepted = findSubmissions(recording).filter(({ refused }) => !refused);
  const [first, ...others] = accepted;
  const again = others.filter(({ signature }) => signature === first?.signature);
  if (first === undefined || again.length === 0) return [];
  const leading = new Set(recording.messages.slice(0, first.index).map(endpointOf));
  const starts = again.map(({ index }) => {
    let start = index;
    while (start > first.index + 1 && leading.has(endpointOf(recording.at(start - 1)))) start--;
    return start;
  });
  return starts.map((start, at) =>
    recording.messages.slice(start, starts[at + 1]).map(({ trace }) => trace)
  );
}

/** True where one goes on with the other, or holds part of it. */
export function belongTogether(a: SessionPart, b: SessionPart): boolean {
  if (a.traces.some((trace) => holds(b, trace))) return true;
  return a.logins.isDisjointFrom(b.logins) && (continues(a, b) || continues(b, a));
}

/** Both parts in one timeline; the one that issues goes first where the clocks say otherwise. */
export function joined(a: SessionPart, b: SessionPart): SessionPart {
  return {
    traces: inFlowOrder(oneTimeline(a, b)),
    newest: Math.max(a.newest, b.newest),
    exchanges: new Map([...a.exchanges, ...b.exchanges]),
    logins: a.logins.union(b.logins),
    carried: a.carried.union(b.carried),
    issued: a.issued.union(b.issued),
  };
}

function oneTimeline(a: SessionPart, b: SessionPart): Trace[] {
  const [first, second] = inOrder(a, b);
  const traces = [...first.traces, ...second.traces.filter((trace) => !holds(first, trace))];
  return clocksContradict(a, b)
    ? traces
    : traces.sort((one, other) => one.startedAtMs - other.startedAtMs);
}

/** First the one that issues what the other carries. */
function inOrder(a: SessionPart, b: SessionPart): [SessionPart, SessionPart] {
  return continues(b, a) && !continues(a, b) ? [b, a] : [a, b];
}

/** True when one goes on with what was recorded after all of it, by the clocks of the recorders. */
export function clocksContradict(a: SessionPart, b: SessionPart): boolean {
  const [first, second] = inOrder(a, b);
  const [startMs, endMs] = [first.traces[0]?.startedAtMs, second.traces.at(-1)?.startedAtMs];
  return (startMs ?? 0) > (endMs ?? Infinity) && continues(first, second);
}
