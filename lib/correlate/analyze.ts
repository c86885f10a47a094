/**
 * Correlation: from the traces of one capture to the login flow.
 *
 * 1. The requests that hand credentials over are found, and of them the first run the server accepted.
 * 2. The sinks are the values that authenticate the requests after it.
 * 3. Each sink is explained backwards; the requests that earned it become steps, and so on.
 * 4. A refresh is found the same way.
 *
 * Nothing is guessed in silence: what stays unexplained makes the result a draft that says so, what
 * cannot be reproduced a refusal that says why.
 */
import type { Trace } from "../http/exchange.ts";
import { mediaType } from "../http/headers.ts";
import { loginLikeRequests, obstacles } from "./refusals.ts";
import { AppOrigins } from "./app_origins.ts";
import { withBrowserBasic } from "./browser_basic.ts";
import { chooseProbe } from "./choose_probe.ts";
import { looksComputed } from "./computed_secret.ts";
import { digestShape } from "./digest_trials.ts";
import { Explainer } from "./explain.ts";
import { isCodeSendingPath, isSignatureName } from "../http/vocabulary.ts";
import { finishFlow } from "./finish.ts";
import type { Analysis, ExplainedValue } from "./flow.ts";
import { KnownValues } from "./known_values.ts";
import { describePlace } from "./leaves.ts";
import { type CredentialSubmission, findSubmissions, firstAcceptedRun } from "./login_run.ts";
import { Provenance } from "./provenance.ts";
import { Recording } from "./recording.ts";
import { findRefresh } from "./refresh.ts";
import { buildResult } from "./result.ts";
import { findApiTraffic } from "./sinks.ts";
import { type Gap, Slice } from "./slice.ts";
import { isOpaque } from "../http/opaque.ts";
import { credentialsInEachRequest } from "./login_styles/each_request.ts";
import type { Evidence } from "./login_styles/style.ts";
import { withoutLogin } from "./without_login.ts";
import { identifierOnly } from "./typed_fields.ts";
import type { TypedValue } from "./typed_value.ts";
import { Variants, type VaryingPlace } from "./variants.ts";
import { credentialValues } from "./wanted.ts";

export interface AnalysisOptions {
  /** What the recorded user typed, if told: lets digests of a password be found by trial. */
  readonly hints?: readonly TypedValue[];
  /** Other recordings of the same app: they tell constants from values of the session. */
  readonly others?: readonly (readonly Trace[])[];
  /** Places of its requests whose value live answers showed to change with the session. */
  readonly varying?: readonly VaryingPlace[];
}

/** The login flow of a capture, or why there is none. */
export function analyzeLogin(traces: readonly Trace[], options: AnalysisOptions = {}): Analysis {
  const recording = new Recording(withBrowserBasic(traces));
  const provenance = new Provenance(recording);
  const found = findSubmissions(recording);
  const app = new AppOrigins(recording, provenance, found);
  const submissions = found.filter(({ index }) => app.has(recording.at(index)));
  const messages = recording.messages.filter((message) => app.has(message));
  const evidence: Evidence = { recording, provenance, app, messages, submissions };
  const repeated = credentialsInEachRequest(evidence);
  if (repeated !== null) return repeated;
  const run = firstAcceptedRun(submissions, recording, provenance);
  const end = run.at(-1)?.index ?? recording.messages.length - 1;
  provenance.cover(recording.messages.slice(0, end + 1));
  provenance.lookFor(credentialValues(recording.messages.slice(end + 1)));
  const login = run.length > 0 ? { submissions: run } : withoutLogin(evidence);
  if ("analysis" in login) return login.analysis;
  return flowOf(evidence, login.submissions, options);
}

function flowOf(
  evidence: Evidence,
  run: readonly CredentialSubmission[],
  options: AnalysisOptions,
): Analysis {
  const { recording, provenance } = evidence;
  const known = new KnownValues();
  const explainer = new Explainer(
    recording,
    provenance,
    known,
    new Variants((options.others ?? []).map((traces) => new Recording(traces)), options.varying),
  );
  for (const typed of options.hints ?? []) known.input(typed);
  for (const submission of run) typeSubmission(submission, explainer);
  const span = { first: run[0]?.index ?? -1, last: run.at(-1)?.index ?? -1 };
  const submissions = new Set(run.map(({ index }) => index));
  const slice = new Slice(recording, explainer, known, submissions, span.last);
  const traffic = findApiTraffic(evidence, span);
  for (const submission of run) requireSubmission(submission, recording, slice, run);
  const template = buildResult({ recording, provenance, slice, known, traffic });
  if (template === null || isLost(slice, run, recording)) return noCredential(run, evidence);
  const refresh = findRefresh({ recording, explainer, known, slice, result: template });
  const result = { ...template, refreshToken: refresh?.refreshToken ?? null };
  const steps = slice.indexes.map((index) => recording.at(index));
  const refused = [
    ...obstacles(steps, recording),
    ...underivable(slice, recording),
    ...failedAttempts(evidence.submissions, slice, known),
  ];
  if (refused.length > 0) return { kind: "refused", reasons: refused };
  const flow = finishFlow({
    recording,
    slice,
    known,
    result,
    refresh: refresh?.flow ?? null,
    apiOrigins: traffic.origins,
    probe: chooseProbe(traffic, known.inputs, steps, recording.messages),
  });
  const values = uniqueValues(slice.values);
  const reasons = gapReasons(slice.gaps, recording, options);
  return reasons.length === 0
    ? { kind: "flow", flow, values }
    : { kind: "draft", flow, values, reasons };
}

/** A password field that holds a digest was not typed: it is computed, which trials must show. */
function typeSubmission(submission: CredentialSubmission, explainer: Explainer): void {
  for (const typed of submission.typed) {
    if (typed.kind === "password" && looksComputed(typed.value)) continue;
    explainer.type(submission.index, typed);
  }
}

/** The step itself, and the one that made the server send a code. */
function requireSubmission(
  submission: CredentialSubmission,
  recording: Recording,
  slice: Slice,
  run: readonly CredentialSubmission[],
): void {
  if (submission.typed.some(({ kind }) => kind === "one-time-code" || kind === "link")) {
    const previous = run[run.indexOf(submission) - 1];
    const sender = codeSender(submission, previous?.index ?? -1, recording);
    if (sender !== null) slice.require(sender);
  }
  slice.require(submission.index);
}

/**
 * The latest request between the previous step and this one that asks for a code or a link: by its
 * path, and where there is no previous step by naming somebody.
 */
function codeSender(
  submission: CredentialSubmission,
  previous: number,
  recording: Recording,
): number | null {
  const site = recording.at(submission.index).url.hostname.split(".").slice(-2).join(".");
  for (let index = submission.index - 1; index > previous; index--) {
    const message = recording.at(index);
    if (message.method === "GET" || message.method === "OPTIONS" || !message.succeeded) continue;
    if (!message.url.hostname.endsWith(site)) continue;
    const operations = message.leaves.filter(({ name }) => /^(method|operationName)$/.test(name));
    const path = [message.url.pathname, ...operations.map(({ value }) => value)].join(" ");
    if (isCodeSendingPath(path) && (previous >= 0 || identifierOnly(message).length > 0)) {
      return index;
    }
  }
  return null;
}

/** A credential from nowhere after a login whose answer nobody recorded: it stood in that answer. */
function isLost(
  { gaps }: Slice,
  run: readonly CredentialSubmission[],
  recording: Recording,
): boolean {
  const last = run.at(-1);
  return last !== undefined && recording.at(last.index).trace.response?.body === null &&
    gaps.some(({ index, place }) => index > last.index && place.kind === "header");
}

function noCredential(
  run: readonly CredentialSubmission[],
  { recording, messages }: Evidence,
): Analysis {
  const traces = run.map(({ index }) => recording.at(index).trace.id).join(", ");
  const refused = obstacles(loginLikeRequests(messages), recording);
  if (refused.length > 0) return { kind: "refused", reasons: refused };
  const unread = run.find(({ index }) => recording.at(index).trace.response?.body === null);
  if (unread !== undefined) {
    const { id } = recording.at(unread.index).trace;
    return refusal(
      `The recording does not hold the body of the login's answer (${id}), from which the credentials come; ` +
        "record again and export with content, before the page leaves the developer tools' memory",
    );
  }
  const carrier = run.map((submission) => fixedCarrier(submission, recording)).find((where) =>
    where !== null
  );
  if (carrier !== undefined) {
    return refusal(
      `There is a login (${traces}), but later requests carry what it handed out where nothing can be ` +
        `put in (${carrier}): in the path, or in a body that is neither JSON nor a form; look for another ` +
        "interface of the app, and record that",
    );
  }
  return refusal(
    `There is a login (${traces}), but no later request carries anything it handed out; ` +
      "record again and, once signed in, use the app for a few clicks before you stop",
  );
}

function refusal(reason: string): Analysis {
  return { kind: "refused", reasons: [reason] };
}

/** Where a later request holds a value of the login's answer in its path or in a body of text (XML, say). */
function fixedCarrier({ index }: CredentialSubmission, recording: Recording): string | null {
  const issued = recording.at(index).responseText.split(/[^\w.:+=-]+/).filter(isOpaque);
  for (const { leaves, trace } of recording.messages.slice(index + 1)) {
    const leaf = leaves.find(({ place, value }) =>
      (place.kind === "text" || place.kind === "path") &&
      issued.some((part) => value.includes(part))
    );
    if (leaf !== undefined) return `${trace.id} ${describePlace(leaf.place)}`;
  }
  return null;
}

/** Attempts with another password, on whose answers the accepted login rests: they cannot be repeated. */
function failedAttempts(
  submissions: readonly CredentialSubmission[],
  slice: Slice,
  known: KnownValues,
): string[] {
  const isAnothers = ({ kind, value }: TypedValue) =>
    kind === "password" && !looksComputed(value) && known.inputOfValue(value) === undefined;
  return submissions.filter(({ index, typed }) =>
    slice.has(index) && !slice.submissions.has(index) && typed.some(isAnothers)
  ).map(({ index }) =>
    `${
      slice.recording.at(index).trace.id
    }: the accepted login goes on from the answer to this failed attempt, which a ` +
    "script must not repeat; record again in a private window, and type the right password at once"
  );
}

function gapReasons(
  gaps: readonly Gap[],
  recording: Recording,
  options: AnalysisOptions,
): string[] {
  const reasons = gaps.map(({ trace, place, index }) => {
    const leaf = recording.at(index).leaves.find((candidate) =>
      describePlace(candidate.place) === describePlace(place)
    );
    const where = `${trace} ${describePlace(place)}`;
    const page = pageBefore(recording, index);
    if (page !== undefined && (page.response?.body ?? []).length === 0) {
      return `${where}: may come with the page ${page.id}, whose body the recorder lost when the next page ` +
        "was loaded; record again with another browser or through a recording proxy";
    }
    const isDigest = leaf !== undefined && digestShape(leaf.value) !== null;
    if (isDigest && (options.hints ?? []).length === 0) {
      return `${where}: looks like a digest computed in the page; tell the recorded user name and password ` +
        'with "keysmith auth analyze APP --answers FILE", so that computations can be tried against the recording';
    }
    if (leaf !== undefined && isSignatureName(leaf.name)) {
      return `${where}: a signature that no tried computation over known values yields`;
    }
    return `${where}: no earlier response holds it, and nothing shows how the client made it`;
  });
  return [...new Set(reasons)];
}

/** The page that was shown when a request was made. */
function pageBefore(recording: Recording, index: number): Trace | undefined {
  return recording.messages.slice(0, index).findLast(({ trace, succeeded, location }) =>
    succeeded && location === null && /html/.test(mediaType(trace.response!.headers))
  )?.trace;
}

/** Signatures over requests: without the computation no request of ours would be taken. */
function underivable({ gaps, submissions }: Slice, recording: Recording): string[] {
  return gaps.flatMap(({ trace, place, index }) => {
    if (submissions.has(index) && place.kind !== "header" && place.kind !== "query") return [];
    const leaf = recording.at(index).leaves.find((candidate) =>
      describePlace(candidate.place) === describePlace(place)
    );
    if (leaf === undefined || !isSignatureName(leaf.name) || leaf.value.length < 20) return [];
    return [
      `${trace} ${
        describePlace(place)
      }: the client signs its requests, and no tried computation over known ` +
      'values yields the signature; use the app\'s official API, or give a session by hand with "keysmith auth set APP"',
    ];
  });
}

function uniqueValues(values: readonly ExplainedValue[]): ExplainedValue[] {
  const seen = new Set<string>();
  return values.filter(({ where }) => !seen.has(where) && seen.add(where))
    .toSorted((a, b) => a.where < b.where ? -1 : 1);
}
