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
import { splitScheme } from "../http/auth_scheme.ts";
import { isOpaque } from "../http/opaque.ts";
import { inFlowOrder } from "./flow_order.ts";
import { isCredentialPlace, isField } from "./leaves.ts";
import { findSubmissions } from "./login_run.ts";
import { Occurrences } from "./occurrences.ts";
import { type Message, Recording } from "./recording.ts";
import { endpointOf } from "./sink.ts";

/** A file, or several that belong together. */
interface Part {
  readonly traces: readonly Trace[];
  /** Place of the last capture in it, in the order of import. */
  readonly newest: number;
  /** Its exchanges by moment and request. */
  readonly exchanges: ReadonlyMap<string, Trace>;
  /** Signatures of its accepted logins. */
  readonly logins: ReadonlySet<string>;
  /** Credentials that its requests carry, and those of any part that its answers issue. */
  readonly carried: ReadonlySet<string>;
  readonly issued: ReadonlySet<string>;
}

/** The sessions in the order of their last capture, each in the order in which things happened. */
export function sessionsOf(captures: readonly (readonly Trace[])[]): Trace[][] {
  const ordered = captures.map(inFlowOrder);
  if (ordered.length < 2) return ordered;
  let parts = partsOf(ordered);
  for (let at = 0; at < parts.length;) {
    const one = parts[at]!;
    const other = parts.findIndex((part, index) => index > at && belongTogether(one, part));
    if (other < 0) at++;
    else parts = parts.with(at, joined(one, parts[other]!)).toSpliced(other, 1);
  }
  return parts.toSorted((a, b) => a.newest - b.newest).map(({ traces }) => [...traces]);
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

function partsOf(captures: readonly (readonly Trace[])[]): Part[] {
  const recordings = captures.map((traces) => new Recording(traces));
  const carried = recordings.map(credentialsIn);
  const all = carried.reduce((known, values) => known.union(values), new Set<string>());
  return captures.map((traces, newest) => ({
    traces,
    newest,
    exchanges: new Map(traces.map((trace) => [exchangeKey(trace), trace])),
    logins: acceptedLogins(recordings[newest]!),
    carried: carried[newest]!,
    issued: issuedBy(recordings[newest]!, all),
  }));
}

function belongTogether(a: Part, b: Part): boolean {
  if (a.traces.some((trace) => holds(b, trace))) return true;
  return a.logins.isDisjointFrom(b.logins) && (continues(a, b) || continues(b, a));
}

/** True when the later part carries a credential that it does not issue itself and the earlier one does. */
function continues(earlier: Part, later: Part): boolean {
  return later.carried.intersection(earlier.issued).difference(later.issued).size > 0;
}

/** Both parts in one timeline; the one that issues goes first where the clocks say otherwise. */
function joined(a: Part, b: Part): Part {
  return {
    traces: inFlowOrder(oneTimeline(a, b)),
    newest: Math.max(a.newest, b.newest),
    exchanges: new Map([...a.exchanges, ...b.exchanges]),
    logins: a.logins.union(b.logins),
    carried: a.carried.union(b.carried),
    issued: a.issued.union(b.issued),
  };
}

function oneTimeline(a: Part, b: Part): Trace[] {
  const [first, second] = continues(b, a) && !continues(a, b) ? [b, a] : [a, b];
  const added = second.traces.filter((trace) => !holds(first, trace));
  const traces = [...first.traces, ...added];
  const isLate = (first.traces[0]?.startedAtMs ?? 0) > (added.at(-1)?.startedAtMs ?? Infinity);
  return isLate ? traces : traces.sort((one, other) => one.startedAtMs - other.startedAtMs);
}

/** Two exports of one recording hold the same moment, request and answer. A time that is missing is 0. */
function holds({ exchanges }: Part, trace: Trace): boolean {
  const other = exchanges.get(exchangeKey(trace));
  return trace.startedAtMs > 0 && other !== undefined &&
    isSameBody(trace.request.body, other.request.body) &&
    isSameBody(trace.response?.body ?? null, other.response?.body ?? null);
}

function exchangeKey({ startedAtMs, request, response }: Trace): string {
  const { method, url, headers } = request;
  return JSON.stringify([startedAtMs, method, url, headers, response?.status, response?.headers]);
}

function isSameBody(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function acceptedLogins(recording: Recording): Set<string> {
  const accepted = findSubmissions(recording).filter(({ refused }) => !refused);
  return new Set(accepted.map(({ signature }) => signature));
}

/** The opaque values that requests carry: credentials, and what a step of a login hands to the next. */
function credentialsIn({ messages }: Recording): Set<string> {
  return new Set(
    messages.filter(({ isScriptOrStyle }) => !isScriptOrStyle)
      .flatMap(({ leaves }) => leaves)
      .filter((leaf) => isCredentialPlace(leaf) || isField(leaf) || leaf.place.kind === "path")
      .map(({ value }) => splitScheme(value).credentials).filter(isOpaque),
  );
}

/** Which of the values an answer holds whose request did not carry them. */
function issuedBy(recording: Recording, values: ReadonlySet<string>): Set<string> {
  const occurrences = new Occurrences(recording, { expected: values });
  const issued = [...values].filter((value) =>
    occurrences.find(value, Infinity, (index) => isIssuer(recording.at(index), value)) !== null
  );
  return new Set(issued);
}

function isIssuer({ isScriptOrStyle, leaves }: Message, value: string): boolean {
  return !isScriptOrStyle && !leaves.some((leaf) => leaf.value.includes(value));
}
