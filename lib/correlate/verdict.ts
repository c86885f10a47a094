/**
 * What is said of a login that was followed back to its sources: the flow, with what stands against a script of it.
 * A login that cannot be repeated is refused, whatever its values are; what nothing explains makes a draft.
 */
import {
  allowedElsewhere,
  waitedFor,
  waitedForSite,
  waitedForSomebody,
  type Waiting,
} from "./allowed_elsewhere.ts";
import { botCheck } from "./bot_check.ts";
import { chooseProbes } from "./choose_probe.ts";
import { holdsComputed } from "./computed_secret.ts";
import { type Findings, NO_FINDINGS } from "./finding.ts";
import { finishFlow } from "./finish.ts";
import type { Analysis, ExplainedValue, LoginFlow, ResultTemplate } from "./flow.ts";
import type { FoundFunction } from "./found_function.ts";
import { gapReasons, leafOf, underivable } from "./gap_reasons.ts";
import { boundToKey, proofAlgorithm, withProofs } from "./key_bound.ts";
import { describePlace } from "./leaves.ts";
import type { LoginRequest } from "./login_run.ts";
import type { Evidence } from "./login_styles/style.ts";
import { failedOrOlder } from "./nothing_found.ts";
import type { Message } from "./recording.ts";
import { findRefresh, type FoundRefresh } from "./refresh.ts";
import { hiddenByComputing, obstacles, refused, REMAINS } from "./refusals.ts";
import { passwordSet } from "./registration.ts";
import { selfRenewal } from "./self_renewal.ts";
import { sessionInPath } from "./session_path.ts";
import { signedAnew } from "./signed_requests.ts";
import type { ApiTraffic } from "./sink.ts";
import type { Slice } from "./slice.ts";
import { unusedPasswords } from "./told_passwords.ts";
import type { TypedValue } from "./typed_value.ts";

/** A login, and what its requests and those after it rest on. */
export interface Followed {
  readonly evidence: Evidence;
  /** Empty where an answer gives its credentials to anybody. */
  readonly run: readonly LoginRequest[];
  readonly slice: Slice;
  readonly traffic: ApiTraffic;
}

export function verdictOf(
  login: Followed,
  result: ResultTemplate,
  { functions, values: found }: Findings = NO_FINDINGS,
): Analysis {
  const { evidence, run, slice, traffic: { renewal } } = login;
  const { recording, gaps } = slice;
  const search = { slice, result, renewal };
  const refresh = findRefresh(search) ?? selfRenewal(search);
  const steps = slice.indexes.map((index) => recording.at(index));
  const waiting = waitedFor(slice.known, steps, evidence);
  const blocked = blockedBy(login, steps, waiting);
  const computed = found.length > 0 && gaps.length === 0
    ? []
    : [...hiddenByComputing(steps), ...underivable(slice)];
  if (blocked.length > 0) return refused(...blocked, ...computed);
  const flow = finished(login, steps, result, refresh, functions);
  const values = uniqueValues(slice.values);
  const unexplained = gaps.map((gap) => ({
    trace: gap.trace,
    place: describePlace(gap.place),
    value: leafOf(gap, recording)?.value ?? "",
  }));
  const open = { flow, values, gaps: unexplained };
  if (computed.length > 0) return { kind: "refused", reasons: computed, open };
  const reasons = openReasons(login, flow, waiting);
  if (reasons.length === 0) return { kind: "flow", flow, values };
  return (run.length === 0 ? failedOrOlder(evidence) : null) ?? { ...open, kind: "draft", reasons };
}

function finished(
  { slice, traffic }: Followed,
  steps: readonly Message[],
  result: ResultTemplate,
  refresh: FoundRefresh | null,
  functions: readonly FoundFunction[],
): LoginFlow {
  const { messages } = slice.recording;
  const flow = finishFlow({
    slice,
    result: { ...result, refreshToken: refresh?.refreshToken ?? null },
    refresh: refresh?.flow ?? null,
    apiOrigins: traffic.origins,
    probes: chooseProbes(traffic, slice.known.inputs, steps, messages),
    functions,
  });
  return withProofs(flow, proofAlgorithm([...steps, ...traffic.requests]), messages);
}

/** Why a script of these steps would be a draft. */
function openReasons(
  { evidence, run, slice, traffic: { requests } }: Followed,
  flow: LoginFlow,
  waiting: Waiting | null,
): string[] {
  const { provenance, hints } = evidence;
  const { gaps, known } = slice;
  const inPath = sessionInPath(requests, provenance);
  return [
    ...gapReasons(slice, run.length > 0 && hints.length === 0),
    ...inPath === null ? [] : [inPath],
    ...waiting !== null && known.inputs.length > 0 ? [waitedForSite(waiting)] : [],
    ...gaps.length > 0 ? [] : unusedPasswords(hints, flow),
  ];
}

/** Why a script cannot repeat these steps, whatever its values are. */
function blockedBy(
  { evidence, slice, traffic: { requests } }: Followed,
  steps: readonly Message[],
  waiting: Waiting | null,
): string[] {
  const { recording, provenance } = evidence;
  const check = steps.length === 0 ? null : botCheck(steps, recording);
  const others = steps.filter(({ index }) => !slice.submissions.has(index));
  const isTyped = slice.known.inputs.length > 0;
  const unrepeatable = [
    check === null ? null : `${check}; ${REMAINS}`,
    allowedElsewhere(others, evidence, slice.submissions),
    waiting === null || isTyped ? null : waitedForSomebody(waiting),
    signedAnew(requests, provenance),
    boundToKey([...steps, ...requests], requests),
    passwordSet(steps),
  ];
  return [
    ...obstacles(steps, recording),
    ...unrepeatable.filter((reason) => reason !== null),
    ...failedAttempts(evidence, slice),
  ];
}

/**
 * Attempts with another password, on whose answers the accepted login rests: they cannot be repeated.
 * @rule off: []
 */
function failedAttempts({ submissions }: Evidence, slice: Slice): string[] {
  const isAnothers = ({ kind, value }: TypedValue) =>
    kind === "password" && !holdsComputed(value) && slice.known.inputOfValue(value) === undefined;
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
