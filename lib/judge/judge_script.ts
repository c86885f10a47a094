/**
 * The judge of a script. It reads the recording, the text of the script and what its runs sent, and
 * knows nothing of how the script came to be.
 */
import type { Assumption } from "./assumption.ts";
import {
  type ComparedValue,
  comparedValues,
  type JudgedRuns,
  lastWriteOf,
} from "./compared_values.ts";
import { type ClaimedValue, claimIn, judgeClaim } from "./claimed_values.ts";
import { judgeConstantPart } from "./constant_parts.ts";
import { type ConstantContext, judgeConstant } from "./constants.ts";
import { copiedValues } from "./copied_values.ts";
import type { Demands } from "./demands.ts";
import { remintedValues } from "./reminted_values.ts";
import { proofObjections, sharedKeys } from "./key_proofs.ts";
import { lostFields, shapeObjections } from "./request_shape.ts";
import { resultShape } from "./result_shape.ts";
import { staleCookies } from "./stale_cookies.ts";
import type { Evidence } from "./evidence.ts";
import { repeatedValues } from "./repeated_values.ts";
import { unsentInputs } from "./sent_inputs.ts";
import { uncoveredResult } from "./result_coverage.ts";
import { openFieldNames } from "./field_names.ts";
import { heldBy } from "./held_values.ts";
import { leftOutHeaders } from "./left_out_headers.ts";
import { leftOutOfResult } from "./left_out_of_result.ts";
import { judgeMade } from "./made_values.ts";
import { missingSubmissions } from "./missing_submission.ts";
import { openText } from "./open_text.ts";
import { isClientMadePlace } from "./place_kinds.ts";
import type { Objection } from "./run.ts";
import { resultObjections } from "./result_values.ts";
import { literalsOf, madeLiterals, numbersOf, recordedLiterals } from "./script_literals.ts";
import { isMintedUnder } from "./token_like.ts";
import { isRebuilt } from "./signed_values.ts";
import { setPasswords } from "./set_passwords.ts";
import { typedCredentials } from "./typed_credentials.ts";
import { type PersonalText, personalTexts, typedCopies, typedLiterals } from "./typed_literals.ts";
import { judgeAsked, TypedJudge } from "./typed_values.ts";

export interface JudgedScript {
  /** TypeScript. */
  readonly source: string;
  readonly evidence: Evidence;
  /** What the user says was typed while recording. */
  readonly hints: readonly string[];
  readonly claimed: readonly ClaimedValue[];
  /** By name, what the script has to do. */
  readonly demands: Demands;
  /** What the analysis says was typed: more to look for in the text, never an excuse. */
  readonly personal: readonly PersonalText[];
  /** Other recordings of the app. */
  readonly others: readonly Evidence[];
  readonly runs: JudgedRuns;
}

export interface Verdict {
  readonly objections: readonly Objection[];
  readonly assumptions: readonly Assumption[];
}

export function judgeScript(script: JudgedScript): Verdict {
  const { source, evidence, runs, hints } = script;
  const all = comparedValues(evidence, runs);
  const compared = unclaimed(all, script.claimed);
  const typed = typedCredentials(evidence, hints);
  const literals = literalsOf(source);
  const written = { literals, numbers: numbersOf(source) };
  const judge = new TypedJudge(runs, compared, typed);
  const submissions = new Set(
    typed.filter(({ role }) => role !== "user" && role !== "text").map(({ trace }) => trace),
  );
  const found = [
    ...compared.filter(({ isComposite }) => !isComposite)
      .flatMap((value) => judgeValue(value, script, { ...written, submissions }, judge)),
    ...leftOutHeaders(runs.reenacted, evidence, script.demands.requests),
    ...leftOutOfResult(runs.reenacted, evidence),
    ...openFieldNames(runs.first, evidence, script.others),
  ];
  return {
    objections: [
      ...[runs.first, runs.second].flatMap((run) => [
        ...copiedValues(run, evidence),
        ...remintedValues(run, evidence, source),
        ...staleCookies(run),
        ...proofObjections(run, evidence),
        ...typedCopies(run, typed, evidence),
        ...lostFields(run, runs.reenacted, evidence),
      ]),
      ...shapeObjections(runs.reenacted, evidence, script.demands.requests),
      ...sharedKeys(runs),
      ...resultShape(runs.reenacted.result, script.demands.result),
      ...all.flatMap((value) => judgeClaim(value, script.claimed, runs)),
      ...recordedLiterals(literals, evidence),
      ...madeLiterals(literals, evidence, madeBy(compared, script)),
      ...typedLiterals(literals, typed, evidence),
      ...personalTexts(source, script.personal, typed, evidence),
      ...judge.objections(),
      ...unsentInputs(script.personal, compared, runs),
      ...resultObjections(runs, evidence, judge),
      ...repeatedValues(compared),
      ...setPasswords(compared),
      ...uncoveredResult(runs, evidence),
      ...missingSubmissions(typed, compared, runs.first, evidence),
      ...found.filter((one) => "problem" in one),
    ],
    assumptions: distinct(found.filter((one) => "why" in one)),
  };
}

/** Neither claimed values nor, where a claimed field holds JSON, its members. */
function unclaimed(
  values: readonly ComparedValue[],
  claimed: JudgedScript["claimed"],
): ComparedValue[] {
  const isClaimed = (value: ComparedValue) =>
    claimIn(value.recorded, claimed) !== undefined && !isNeverAnother(value);
  const fields = new Set(values.filter(isClaimed).map(({ trace, where }) => `${trace} ${where}`));
  return values.filter((value) =>
    !isClaimed(value) && !fields.has(`${value.trace} ${value.memberOf}`)
  );
}

/** What is the same whoever logs in, and whatever the site issued, is a constant: no claim excuses it. */
function isNeverAnother({ recorded, first, second = first }: ComparedValue): boolean {
  return first === recorded && second === recorded;
}

function judgeValue(
  value: ComparedValue,
  { evidence, others, runs }: JudgedScript,
  written: Pick<ConstantContext, "literals" | "numbers" | "submissions">,
  judge: TypedJudge,
): (Objection | Assumption)[] {
  const { first, second, recorded, reenacted, trace, where } = value;
  const held = heldBy(runs.first);
  if (/^(body|query)$/.test(value.kind) && recorded.includes("\ufffd")) {
    return [{ trace, where, problem: "is in an encoding that no recorded page names" }];
  }
  const mayBeMade = isClientMadePlace(value, recorded) && !evidence.isIssued(recorded);
  if (first !== recorded && !mayBeMade && isRebuilt(recorded, first, { held, evidence })) {
    return [{
      trace,
      where,
      problem: "is a signed value that no answer holds whole: it cannot be composed",
    }];
  }
  // An answer may hold the user's name too; what is sent whole from there was not asked for.
  const isTaken = held.has(first) && judge.inputOf(first, second) === null;
  const asked = isTaken ? null : judgeAsked(value, evidence, judge, others);
  if (asked !== null && ("problem" in asked || reenacted === recorded)) return [asked];
  if (first === recorded && (second === undefined || second === first)) {
    const constant = judgeConstant(value, {
      evidence,
      others,
      held,
      ...written,
      asks: runs.first.answers.size > 0,
    });
    return constant === null ? [] : [constant];
  }
  const part = judgeConstantPart(value, { evidence, held });
  if (part !== null) return [part];
  if (reenacted === undefined && openText(first).some((part) => held.has(part))) return [];
  if (reenacted === recorded || judge.isTypedPlace(value)) return [];
  if (first === reenacted && first === second) {
    return [{ trace, where, problem: "is not what the recorded client sent" }];
  }
  const lastWrite = lastWriteOf(runs.first, evidence);
  const made = judgeMade(value, { evidence, held, lastWrite, drawn: runs.drawn ?? new Set() });
  return [asked, made].filter((one) => one !== null);
}

/**
 * What the recorded client made up: opaque, and at a place where the web says so. The look alone says so of no
 * value that the client's own code holds, or that another recording sent there as well.
 */
function madeBy(
  compared: readonly ComparedValue[],
  { evidence, others }: JudgedScript,
): Set<string> {
  const isConstant = (value: ComparedValue) =>
    evidence.isInClientCode(value.recorded) ||
    others.some((other) =>
      other.sentAt(evidence.traces[value.index]!, value).includes(value.recorded)
    );
  return new Set(
    compared.filter((value) =>
      isMintedUnder(value.name, value.recorded) && (isClientMadePlace(value, "") ||
        isClientMadePlace(value, value.recorded) && !isConstant(value))
    ).map(({ recorded }) => recorded),
  );
}

/** One for each place, the request's before the result's. */
function distinct(assumptions: readonly Assumption[]): Assumption[] {
  const keyOf = ({ trace, where, as }: Assumption) => JSON.stringify([trace, where, as]);
  return [...new Map(assumptions.map((one) => [keyOf(one), one])).values()];
}
