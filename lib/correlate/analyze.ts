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
import { hiddenByComputing, obstacles, REMAINS } from "./refusals.ts";
import {
  allowedElsewhere,
  waitedFor,
  waitedForSite,
  waitedForSomebody,
  type Waiting,
} from "./allowed_elsewhere.ts";
import { AppOrigins } from "./app_origins.ts";
import { withBrowserBasic } from "./browser_basic.ts";
import { botCheck } from "./bot_check.ts";
import { earlierCredentials, yieldsSession } from "./earlier_session.ts";
import { gapReasons, leafOf, underivable } from "./gap_reasons.ts";
import { noCredential } from "./no_credential.ts";
import { failedOrOlder, nothingFound } from "./nothing_found.ts";
import { passwordSet } from "./registration.ts";
import { chooseProbes } from "./choose_probe.ts";
import { holdsComputed } from "./computed_secret.ts";
import { type Findings, NO_FINDINGS } from "./finding.ts";
import { guardAlone, guardReason } from "./guard_alone.ts";
import { orFoundLogin } from "./found_login.ts";
import { finishFlow } from "./finish.ts";
import type { Analysis, ExplainedValue, UnexplainedValue } from "./flow.ts";
import { boundToKey, proofAlgorithm, withProofs } from "./key_bound.ts";
import type { KnownValues } from "./known_values.ts";
import { sliceOf } from "./login_slice.ts";
import {
  type CredentialSubmission,
  findSubmissions,
  firstAcceptedRun,
  type LoginRequest,
} from "./login_run.ts";
import { Occurrences, type VaryingPlace } from "./occurrences.ts";
import { perhapsLogin } from "./perhaps_login.ts";
import { Recording } from "./recording.ts";
import { findRefresh } from "./refresh.ts";
import { selfRenewal } from "./self_renewal.ts";
import { buildResult } from "./result.ts";
import { sessionInPath } from "./session_path.ts";
import { signedAnew } from "./signed_requests.ts";
import type { ApiTraffic } from "./sink.ts";
import { describePlace } from "./leaves.ts";
import type { Gap, Slice } from "./slice.ts";
import { credentialsInEachRequest } from "./login_styles/each_request.ts";
import type { Evidence, NoLogin } from "./login_styles/style.ts";
import { withoutLogin } from "./without_login.ts";
import { saysSomething } from "./typed_from_nowhere.ts";
import { unusedPasswords } from "./told_passwords.ts";
import type { TypedValue } from "./typed_value.ts";

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
  const { varying = [], others = [], hints = [] } = options;
  const found = findSubmissions(recording, hints);
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
  const open = analysis.kind === "draft"
    ? analysis
    : analysis.kind === "flow"
    ? undefined
    : analysis.open;
  return { ...open === undefined ? {} : { open }, kind: "refused", reasons };
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
  const submission = perhapsLogin(evidence.recording.at(perhaps), evidence);
  if (submission === null) return analysis;
  const tried = flowOf(evidence, [submission], options);
  const open = tried.kind === "flow" ? undefined : tried.kind === "draft" ? tried : tried.open;
  if (open === undefined) return analysis;
  const { flow, values, gaps } = open;
  return { ...analysis, open: { flow, values, gaps } };
}

function flowOf(
  evidence: Evidence,
  run: readonly LoginRequest[],
  options: AnalysisOptions,
): Analysis {
  const { recording, provenance, hints } = evidence;
  const { functions, values: found } = options.findings ?? NO_FINDINGS;
  const { slice, traffic } = sliceOf(evidence, run, options.findings);
  const { known, explainer, span } = slice;
  const template = buildResult({ recording, provenance, slice, known, traffic });
  const isNothing = template === null ||
    !yieldsSession(template, { traffic, known }, evidence) &&
      earlierCredentials(evidence, span).length > 0;
  if (isNothing || isSomebodys(slice, evidence) || isLost(slice, run, recording)) {
    return run.length === 0
      ? openedUp(nothingFound(evidence), evidence, options)
      : noCredential(run, span, evidence);
  }
  const guards = guardAlone(template, recording);
  if (guards !== null) {
    const traces = run.map(({ index }) => recording.at(index).trace.id).join(", ");
    return { kind: "refused", reasons: [guardReason(traces, guards)] };
  }
  const { renewal } = traffic;
  const search = { recording, explainer, known, slice, result: template, renewal };
  const refresh = findRefresh(search) ?? selfRenewal(search);
  const result = { ...template, refreshToken: refresh?.refreshToken ?? null };
  const steps = slice.indexes.map((index) => recording.at(index));
  const waiting = waitedFor(known, steps, evidence);
  const blocked = blockedBy(slice, traffic, waiting, evidence);
  const isFound = found.length > 0 && slice.gaps.length === 0;
  const computed = isFound ? [] : [
    ...hiddenByComputing(steps),
    ...underivable(slice, recording),
  ];
  if (blocked.length > 0) return { kind: "refused", reasons: [...blocked, ...computed] };
  const proving = proofAlgorithm([...steps, ...traffic.requests]);
  const flow = withProofs(
    finishFlow({
      recording,
      slice,
      known,
      result,
      refresh: refresh?.flow ?? null,
      apiOrigins: traffic.origins,
      probes: chooseProbes(traffic, known.inputs, steps, recording.messages),
      functions,
    }),
    proving,
    recording.messages,
  );
  const values = uniqueValues(slice.values);
  const mayTell = run.length > 0 && hints.length === 0;
  const reasons = [
    ...openReasons(slice, traffic, waiting, { ...evidence, mayTell }),
    ...slice.gaps.length > 0 ? [] : unusedPasswords(hints, flow),
  ];
  const open = { flow, values, gaps: slice.gaps.map((gap) => unexplained(gap, recording)) };
  if (computed.length > 0) return { kind: "refused", reasons: computed, open };
  const older = run.length === 0 && reasons.length > 0 ? failedOrOlder(evidence) : null;
  if (older !== null) return older;
  return reasons.length === 0
    ? { kind: "flow", flow, values }
    : { ...open, kind: "draft", reasons };
}

/** Why a script of these steps would be a draft. */
function openReasons(
  { gaps, known, span }: Slice,
  { requests }: ApiTraffic,
  waiting: Waiting | null,
  { recording, provenance, mayTell }: Evidence & { readonly mayTell: boolean },
): string[] {
  const inPath = sessionInPath(requests, provenance);
  return [
    ...gapReasons(gaps, { recording, span, mayTell }),
    ...inPath === null ? [] : [inPath],
    ...waiting !== null && known.inputs.length > 0 ? [waitedForSite(waiting)] : [],
  ];
}

/** Why a script cannot repeat these steps, whatever its values are. */
function blockedBy(
  slice: Slice,
  traffic: ApiTraffic,
  waiting: Waiting | null,
  evidence: Evidence,
): string[] {
  const { recording, provenance, submissions } = evidence;
  const steps = slice.indexes.map((index) => recording.at(index));
  const check = steps.length === 0 ? null : botCheck(steps, recording);
  const isTyped = slice.known.inputs.length > 0;
  const unrepeatable = [
    allowedElsewhere(
      steps.filter(({ index }) => !slice.submissions.has(index)),
      evidence,
      slice.submissions,
    ),
    waiting === null || isTyped ? null : waitedForSomebody(waiting),
    signedAnew(traffic.requests, provenance),
    boundToKey([...steps, ...traffic.requests], traffic.requests),
    passwordSet(steps),
  ];
  return [
    ...obstacles(steps, recording),
    ...check === null ? [] : [`${check}; ${REMAINS}`],
    ...unrepeatable.filter((reason) => reason !== null),
    ...failedAttempts(submissions, slice, slice.known),
  ];
}

function unexplained(gap: Gap, recording: Recording): UnexplainedValue {
  const value = leafOf(gap, recording)?.value ?? "";
  return { trace: gap.trace, place: describePlace(gap.place), value };
}

/** Nothing is typed, and a request says something that nobody but its user knows. */
function isSomebodys({ known, indexes }: Slice, { recording, provenance }: Evidence): boolean {
  return known.inputs.length === 0 &&
    indexes.some((index) => saysSomething(recording.at(index), provenance));
}

/**
 * A credential from nowhere after a login whose answer nobody recorded: it stood in that answer.
 * @rule off: false
 */
function isLost(
  { gaps }: Slice,
  run: readonly LoginRequest[],
  recording: Recording,
): boolean {
  const last = run.at(-1);
  return last !== undefined && recording.at(last.index).trace.response?.body === null &&
    gaps.some(({ index, place }) => index > last.index && place.kind === "header");
}

/**
 * Attempts with another password, on whose answers the accepted login rests: they cannot be repeated.
 * @rule off: []
 */
function failedAttempts(
  submissions: readonly CredentialSubmission[],
  slice: Slice,
  known: KnownValues,
): string[] {
  const isAnothers = ({ kind, value }: TypedValue) =>
    kind === "password" && !holdsComputed(value) && known.inputOfValue(value) === undefined;
  return submissions.filter(({ index, typed }) =>
    slice.has(index) && !slice.submissions.has(index) && typed.some(isAnothers)
  ).map(({ index }) =>
    `${
      slice.recording.at(index).trace.id
    }: the accepted login goes on from the answer to this failed attempt, which a ` +
    "script must not repeat; record again in a private window, and type the right password at once"
  );
}

function uniqueValues(values: readonly ExplainedValue[]): ExplainedValue[] {
  const seen = new Set<string>();
  return values.filter(({ where }) => !seen.has(where) && seen.add(where))
    .toSorted((a, b) => a.where < b.where ? -1 : 1);
}
