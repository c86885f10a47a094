/**
 * A renewal: the request that hands the refresh token over (RFC 6749 section 6) need not have been recorded.
 * Then each of its values is the token, something its answers held, or what the recorded client sends to
 * that address.
 */
import { isRefreshName } from "../http/vocabulary.ts";
import { answerValues } from "./answer_values.ts";
import { resultPlaces } from "./carried_values.ts";
import { copiedValues } from "./copied_values.ts";
import type { DemandedRequest } from "./demands.ts";
import type { Evidence } from "./evidence.ts";
import { type Objection, objection, objectionTo } from "./finding.ts";
import { heldBy } from "./held_values.ts";
import { leftOutHeaders } from "./left_out_headers.ts";
import { openText } from "./open_text.ts";
import { isClientMadePlace } from "./place_kinds.ts";
import { proofObjections } from "./key_proofs.ts";
import { shapeObjections } from "./request_shape.ts";
import { type RequestValue, requestValues } from "./request_values.ts";
import type { ScriptRun } from "./run.ts";

/** @param recorded renewals that the recording holds: what they carry, the script carries */
export function judgeRenewal(
  run: ScriptRun,
  evidence: Evidence,
  recorded: readonly DemandedRequest[],
): Objection[] {
  const isRecorded = ({ trace }: { trace: string | null }) =>
    recorded.some((one) => one.trace === trace);
  return [
    ...shapeObjections({ ...run, sent: run.sent.filter(isRecorded) }, evidence, recorded),
    ...leftOutHeaders(run, evidence, recorded).filter((one) => "problem" in one),
    ...copiedValues(run, evidence),
    ...proofObjections(run, evidence),
    ...run.sent.flatMap(({ request, trace }) => {
      const recorded = evidence.trace(trace);
      return recorded === undefined ? [] : requestValues(request)
        .filter((place) => !isExplained(place, run, evidence.sentAt(recorded, place)))
        .map(({ where, name }) =>
          objection(
            { trace, where },
            isRefreshName(name)
              ? "is not the refresh token"
              : "is nothing that the recorded client sends there, or that an answer held",
          )
        );
    }),
    ...tokenOf(run),
    ...resultPlaces(run.result)
      .filter((place) => !isExplained(place, run, valuesSent(place, evidence)))
      .map(({ where }) => objectionTo(where, "is made up")),
  ];
}

function isExplained(
  { kind, name, value }: RequestValue,
  run: ScriptRun,
  recorded: readonly string[],
): boolean {
  if (isRefreshName(name)) {
    return value === "refresh_token" || openText(value).some((part) => heldBy(run).has(part));
  }
  return recorded.includes(value) || /^refresh_token$/.test(value) || value === "" ||
    isClientMadePlace({ kind, name }, value) ||
    openText(value).some((part) => part.length >= 4 && heldBy(run).has(part));
}

function valuesSent({ kind, name }: RequestValue, evidence: Evidence): string[] {
  return evidence.carriers(kind, name).map(({ value }) => value);
}

/** Where an answer holds a new refresh token, the old one is used up (RFC 6749 section 6). */
function tokenOf({ sent, result }: ScriptRun): Objection[] {
  const given = result?.parameters.find(([name]) => name === "refresh_token")?.[1];
  const issued = sent.flatMap(({ answer }) => answerValues(answer))
    .filter(({ name }) => isRefreshName(name)).map(({ value }) => value);
  if (given === undefined || issued.length === 0 || issued.includes(given)) return [];
  const problem = "is another value than the refresh token of the answer";
  return [objectionTo("result refresh_token", problem)];
}
