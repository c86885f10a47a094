/**
 * A recording in which a password was mistyped first. Where the accepted attempt goes on from the page
 * that answered the failed one (a new token in its form), a script made from it would fail on purpose
 * every time. What the first attempt sent, with what was typed at last, is the same login without it.
 */
import { parseBody } from "../http/body.ts";
import type { Trace } from "../http/exchange.ts";
import { withFormCharsets } from "../http/form_charset.ts";
import { contentTypeParameter } from "../http/headers.ts";
import { type AnalysisOptions, analyzeLogin } from "./analyze.ts";
import type { Analysis } from "./flow.ts";
import { type CredentialSubmission, findSubmissions } from "./login_run.ts";
import { withLostPages } from "./lost_pages.ts";
import { Recording } from "./recording.ts";

/**
 * The analysis and its traces, lost pages made up; where a login rests on a failed attempt, those of the login
 * without it.
 */
export function analyzeRecording(
  recorded: Trace[],
  options: AnalysisOptions = {},
): { analysis: Analysis; traces: Trace[] } {
  const traces = withFormCharsets(withLostPages(recorded));
  const analysis = analyzeLogin(traces, options);
  const shorter = analysis.kind === "refused" ? withoutFailedAttempts(traces) : null;
  if (shorter === null) return { analysis, traces };
  const again = analyzeLogin(shorter, options);
  return again.kind === "refused" ? { analysis, traces } : { analysis: again, traces: shorter };
}

/**
 * The traces without failed attempts that an accepted one of the same form followed; `null` when there
 * are none.
 * @rule off: null
 */
function withoutFailedAttempts(traces: readonly Trace[]): Trace[] | null {
  const recording = new Recording(traces);
  const submissions = findSubmissions(recording);
  const accepted = submissions.find(({ refused }) => !refused);
  const failed = submissions.filter(({ index, refused, signature }) =>
    refused && signature === accepted?.signature && index < accepted.index
  );
  const first = failed[0];
  if (accepted === undefined || first === undefined) return null;
  const kept = recording.at(accepted.index).trace;
  const request = retyped(recording.at(first.index).trace, first, accepted);
  if (request === null) return null;
  const dropped = new Set(failed.map(({ index }) => recording.at(index).trace.id));
  return traces.filter(({ id }) => !dropped.has(id))
    .map((trace) => trace.id === kept.id ? { ...trace, request } : trace);
}

/** The first attempt's form with the values typed at the accepted one; `null` when it is not a form. */
function retyped(
  { request }: Trace,
  first: CredentialSubmission,
  accepted: CredentialSubmission,
): Trace["request"] | null {
  const body = parseBody(request.headers, request.body);
  if (body.kind !== "form" || contentTypeParameter(request.headers, "charset")) return null;
  const typed = new Map(first.typed.map(({ value, name, kind }) => [
    value,
    accepted.typed.find((other) => other.name === name && other.kind === kind)?.value ?? value,
  ]));
  const fields = body.fields.map(([name, value]) => [name, typed.get(value) ?? value]);
  return { ...request, body: new TextEncoder().encode(new URLSearchParams(fields).toString()) };
}
