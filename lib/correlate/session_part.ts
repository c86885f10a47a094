/**
 * A recording, or several that belong together, with what tells whether another one goes on with it: the
 * credentials that its requests carry and its answers issue.
 */
import type { Trace } from "../http/exchange.ts";
import { splitScheme } from "../http/auth_scheme.ts";
import { isOpaque } from "../http/opaque.ts";
import { isCredentialPlace, isField } from "./leaves.ts";
import { findSubmissions } from "./login_run.ts";
import { Occurrences } from "./occurrences.ts";
import { Recording } from "./recording.ts";

/** A file, or several that belong together. */
export interface SessionPart {
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

/** One for each capture, in their order. */
export function partsOf(captures: readonly (readonly Trace[])[]): SessionPart[] {
  const recordings = captures.map((traces) => new Recording(traces));
  const carried = recordings.map(credentialsIn);
  const all = carried.reduce((known, values) => known.union(values), new Set<string>());
  return captures.map((traces, newest) => ({
    traces,
    newest,
    exchanges: exchangesOf(traces),
    logins: acceptedLogins(recordings[newest]!),
    carried: carried[newest]!,
    issued: issuedBy(recordings[newest]!, all),
  }));
}

/** True when the later part carries a credential that it does not issue itself and the earlier one does. */
export function continues(earlier: SessionPart, later: SessionPart): boolean {
  return later.carried.intersection(earlier.issued).difference(later.issued).size > 0;
}

/** Two exports of one recording hold the same moment, request and answer. A time that is missing is 0. */
export function holds({ exchanges }: SessionPart, trace: Trace): boolean {
  const other = exchanges.get(exchangeKey(trace));
  return trace.startedAtMs > 0 && other !== undefined &&
    isSameBody(trace.request.body, other.request.body) &&
    isSameBody(trace.response?.body ?? null, other.response?.body ?? null);
}

export function exchangesOf(traces: readonly Trace[]): Map<string, Trace> {
  return new Map(traces.map((trace) => [exchangeKey(trace), trace]));
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
  return new Set([...values].filter((value) => occurrences.issuer(value) !== null));
}
