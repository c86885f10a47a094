/**
 * Correlation: from the traces of one capture to the login flow.
 *
 * 1. The requests that hand credentials over are found, and of them the first run the server accepted.
 * 2. The sinks are the values that authenticate the requests after it.
 * 3. Each sink is explained backwards; the requests that earned it become steps, and so on.
 * 4. A refresh is found the same way.
 *
 * What stays unexplained makes the result a draft that says so, what cannot be reproduced a refusal that says why.
 */
import type { Trace } from "../http/exchange.ts";
import { AppOrigins } from "./app_origins.ts";
import { withBrowserBasic } from "./browser_basic.ts";
import { earlierCredentials } from "./earlier_session.ts";
import { type Findings, NO_FINDINGS } from "./finding.ts";
import type { Analysis, OpenFlow, ResultTemplate } from "./flow.ts";
import { orFoundLogin } from "./found_login.ts";
import { guardAlone, guardReason, isPublicAlone, yieldsSession } from "./guard_alone.ts";
import { findSubmissions, firstAcceptedRun, type LoginRequest, tracesOf } from "./login_run.ts";
import { sliceOf } from "./login_slice.ts";
import { credentialsInEachRequest } from "./login_styles/each_request.ts";
import type { Evidence, NoLogin } from "./login_styles/style.ts";
import { noCredential } from "./no_credential.ts";
import { nothingFound } from "./nothing_found.ts";
import { Occurrences, type VaryingPlace } from "./occurrences.ts";
import { Recording } from "./recording.ts";
import { refused } from "./refusals.ts";
import { buildResult } from "./result.ts";
import type { Slice } from "./slice.ts";
import { perhapsLogin, saysSomething } from "./typed_from_nowhere.ts";
import { withoutMistyped } from "./told_passwords.ts";
import type { TypedValue } from "./typed_value.ts";
import { type Followed, verdictOf } from "./verdict.ts";
import { withoutLogin } from "./without_login.ts";

export interface AnalysisOptions {
  /** What the recorded user typed, if told: lets digests of a password be found by trial. */
  readonly hints?: readonly TypedValue[];
  /** Other recordings of the same app: they tell constants from values of the session. */
  readonly others?: readonly (readonly Trace[])[];
  /** Places of its requests whose value live answers showed to change with the session. */
  readonly varying?: readonly VaryingPlace[];
  /** How values are computed that correlation cannot derive. */
  readonly findings?: Findings;
}

/** After the last request that hands credentials over a login goes on for fewer requests than this. */
const MAX_LOGIN = 100;

/** The login flow of a capture, or why there is none. */
export function analyzeLogin(traces: readonly Trace[], options: AnalysisOptions = {}): Analysis {
  const recording = new Recording(withBrowserBasic(traces));
  const { varying = [], others = [] } = options;
  const found = findSubmissions(recording, options.hints);
  const hints = withoutMistyped(options.hints ?? [], found);
  const provenance = new Occurrences(recording, {
    others: others.map((session) => new Recording(session)),
    varying,
    loginEnd: found.length === 0 ? Infinity : found.at(-1)!.index + MAX_LOGIN,
  });
  const app = new AppOrigins(recording, provenance, found);
  const submissions = found.filter(({ index }) => app.has(recording.at(index)));
  const messages = recording.messages.filter((message) => app.has(message));
  const evidence = { recording, provenance, app, messages, submissions, hints };
  const repeated = credentialsInEachRequest(evidence);
  if (repeated !== null) return repeated;
  const run = firstAcceptedRun(submissions, recording, provenance);
  const login = run.length > 0
    ? { submissions: run }
    : orFoundLogin(withoutLogin(evidence), options.findings ?? NO_FINDINGS, recording);
  if ("analysis" in login) return openedUp(login, evidence, options);
  const analysis = flowOf(evidence, login.submissions, options);
  const { hidden = [] } = login;
  return hidden.length === 0 || analysis.kind === "flow"
    ? analysis
    : hiddenUntilFound(analysis, hidden);
}

/** What the page hides can be found out where a flow stands around it. */
function hiddenUntilFound(analysis: Analysis, reasons: readonly string[]): Analysis {
  return { ...openOf(analysis), kind: "refused", reasons };
}

/** Where a request may be a login, the flow around what may have been typed there: a model may find out which it is. */
function openedUp(
  { analysis, perhaps }: NoLogin,
  evidence: Evidence,
  options: AnalysisOptions,
): Analysis {
  if (perhaps === undefined || analysis.kind !== "none" && analysis.kind !== "refused") {
    return analysis;
  }
  const submission = perhapsLogin(evidence.recording.at(perhaps), evidence.provenance);
  return submission === null
    ? analysis
    : { ...analysis, ...openOf(flowOf(evidence, [submission], options)) };
}

function openOf(analysis: Analysis): { readonly open?: OpenFlow } {
  if (analysis.kind === "flow") return {};
  if (analysis.kind !== "draft") return analysis.open === undefined ? {} : { open: analysis.open };
  const { flow, values, gaps } = analysis;
  return { open: { flow, values, gaps } };
}

function flowOf(
  evidence: Evidence,
  run: readonly LoginRequest[],
  options: AnalysisOptions,
): Analysis {
  const login = { evidence, run, ...sliceOf(evidence, run, options.findings) };
  const result = buildResult(login.slice, login.traffic);
  if (result === null || isNobodys(result, login)) {
    return run.length === 0
      ? openedUp(nothingFound(evidence), evidence, options)
      : noCredential(run, login.slice.span, evidence);
  }
  const guards = guardAlone(result, login.slice.known, evidence.recording);
  if (guards !== null) return refused(guardReason(tracesOf(run, evidence.recording), guards));
  return verdictOf(login, result, options.findings);
}

/** Whoever sends the app's requests, nothing of this login lets them in. */
function isNobodys(result: ResultTemplate, { evidence, run, slice, traffic }: Followed): boolean {
  const isOlder = !yieldsSession(result, { traffic, known: slice.known }, evidence) &&
    earlierCredentials(evidence, slice.span).length > 0;
  return isOlder || isSomebodys(slice, evidence) || isLost(slice, run) ||
    isPublicAlone(result, slice);
}

/** Nothing is typed, and a request says something that nobody but its user knows. */
function isSomebodys({ known, indexes, recording }: Slice, { provenance }: Evidence): boolean {
  return known.inputs.length === 0 &&
    indexes.some((index) => saysSomething(recording.at(index), provenance));
}

/**
 * A credential from nowhere after a login whose answer nobody recorded: it stood in that answer.
 * @rule off: false
 */
function isLost({ gaps, recording }: Slice, run: readonly LoginRequest[]): boolean {
  const last = run.at(-1);
  return last !== undefined && recording.at(last.index).trace.response?.body === null &&
    gaps.some(({ index, place }) => index > last.index && place.kind === "header");
}
