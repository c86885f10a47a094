/**
 * The judge of a script. It reads the recording, the text of the script and what its runs sent, and
 * knows nothing of how the script came to be.
 */
import { mediaType } from "../http/headers.ts";
import { type Assumption, type Finding, type Objection, objection } from "./finding.ts";
import { judgeAsked } from "./asked_values.ts";
import type { ComparedValue } from "./compared_values.ts";
import { judgeClaim } from "./claimed_values.ts";
import { judgeConstantPart } from "./constant_parts.ts";
import { judgeConstant } from "./constants.ts";
import { listedValues } from "./listed_values.ts";
import { madeLiterals } from "./copied_literals.ts";
import { textObjections } from "./judge_text.ts";
import { copiedValues } from "./copied_values.ts";
import { remintedValues } from "./reminted_values.ts";
import { proofObjections, sharedKeys } from "./key_proofs.ts";
import { lostFields, shapeObjections } from "./request_shape.ts";
import { resultShape } from "./result_shape.ts";
import { staleCookies } from "./stale_cookies.ts";
import { repeatedValues } from "./repeated_values.ts";
import { unsentInputs } from "./sent_inputs.ts";
import { uncoveredResult } from "./result_coverage.ts";
import { openFieldNames } from "./written_field_names.ts";
import { copiedCodes } from "./issued_codes.ts";
import { leftOutHeaders } from "./left_out_headers.ts";
import { leftOutOfResult } from "./left_out_of_result.ts";
import { judgeMade } from "./made_values.ts";
import { missingSubmissions } from "./missing_submission.ts";
import { namedForUser } from "./named_for_user.ts";
import { openText } from "./open_text.ts";
import { isClientMadePlace } from "./place_kinds.ts";
import { inputOf } from "./prompt_answers.ts";
import { resultObjections } from "./result_values.ts";
import type { ScriptRun } from "./run.ts";
import { caseOf, type JudgedScript, type ScriptCase } from "./script_case.ts";
import { isRebuilt } from "./signed_values.ts";
import { madeAccounts, setPasswords } from "./set_passwords.ts";
import { namedBeside, typedCopies } from "./typed_literals.ts";
import { isTypedPlace, typedObjections } from "./typed_values.ts";

export interface Verdict {
  readonly objections: readonly Objection[];
  readonly assumptions: readonly Assumption[];
}

export function judgeScript(judged: JudgedScript): Verdict {
  const script = caseOf(judged);
  const { first, second } = script.runs;
  const found = [
    ...[first, second].flatMap((run) => ofInvented(run, script)),
    ...ofForm(script),
    ...textObjections(script),
    ...madeLiterals(script),
    ...ofAll(script),
    ...script.compared.flatMap((one) => one.isComposite ? [] : judgeValue(one, script)),
    ...ofLeftOut(script),
    ...openFieldNames(script),
    ...namedForUser(script),
    ...namedBeside(script),
    ...listedValues(script),
  ];
  return {
    objections: found.filter((one) => "problem" in one),
    assumptions: distinct(found.filter((one) => "why" in one)),
  };
}

/** Of one run as somebody who was never recorded. */
function ofInvented(run: ScriptRun, script: ScriptCase): Objection[] {
  const { evidence, source, runs } = script;
  return [
    ...copiedValues(run, evidence),
    ...remintedValues(run, evidence, source),
    ...staleCookies(run),
    ...proofObjections(run, evidence),
    ...typedCopies(run, script),
    ...lostFields(run, runs.reenacted, evidence),
  ];
}

function ofForm({ evidence, demands, runs, all, claimed }: ScriptCase): Objection[] {
  return [
    ...shapeObjections(runs.reenacted, evidence, demands.requests),
    ...sharedKeys(runs),
    ...resultShape(runs.reenacted.result, demands.result),
    ...all.flatMap((value) => judgeClaim(value, claimed, runs)),
  ];
}

/** Of what was sent and handed over, all of it beside each other. */
function ofAll(script: ScriptCase): Finding[] {
  return [
    ...typedObjections(script),
    ...unsentInputs(script),
    ...resultObjections(script),
    ...repeatedValues(script.compared),
    ...setPasswords(script.compared),
    ...madeAccounts(script),
    ...uncoveredResult(script),
    ...missingSubmissions(script),
    ...copiedCodes(script),
  ];
}

function ofLeftOut({ evidence, demands, runs: { reenacted } }: ScriptCase): Finding[] {
  return [
    ...leftOutHeaders(reenacted, evidence, demands.requests),
    ...leftOutOfResult(reenacted, evidence),
  ];
}

function judgeValue(value: ComparedValue, script: ScriptCase): Finding[] {
  const { evidence, runs, held } = script;
  const { first, second, recorded, reenacted } = value;
  if (/^(body|query)$/.test(value.kind) && recorded.includes("\ufffd")) {
    const { request } = evidence.traces[value.index]!;
    const problem = mediaType(request.headers) === "multipart/form-data"
      ? "is not in UTF-8, in which alone scripts send multipart forms"
      : "is in an encoding that no recorded page names";
    return [objection(value, problem)];
  }
  const mayBeMade = isClientMadePlace(value, recorded) && !evidence.isIssued(recorded);
  if (first !== recorded && !mayBeMade && isRebuilt(recorded, first, script)) {
    return [
      objection(value, "is a signed value that no answer holds whole: it cannot be composed"),
    ];
  }
  // An answer may hold the user's name too; what is sent whole from there was not asked for.
  const isTaken = held.has(first) && inputOf(runs, first, second) === null;
  const asked = isTaken ? null : judgeAsked(value, script);
  if (asked !== null && ("problem" in asked || reenacted === recorded)) return [asked];
  if (first === recorded && (second === undefined || second === first)) {
    const constant = judgeConstant(value, script);
    return constant === null ? [] : [constant];
  }
  const part = judgeConstantPart(value, script);
  if (part !== null) return [part];
  if (reenacted === undefined && openText(first).some((part) => held.has(part))) return [];
  if (reenacted === recorded || isTypedPlace(value, script.typed)) return [];
  if (first === reenacted && first === second) {
    return [objection(value, "is not what the recorded client sent")];
  }
  return [asked, judgeMade(value, script)].filter((one) => one !== null);
}

/** One for each place, the request's before the result's. */
function distinct(assumptions: readonly Assumption[]): Assumption[] {
  const keyOf = ({ trace, where, as }: Assumption) => JSON.stringify([trace, where, as]);
  return [...new Map(assumptions.map((one) => [keyOf(one), one])).values()];
}
