/**
 * Proof of a script that claims to compute what correlation could not explain, or took for something else. The judge
 * holds all that is explained to the recording. Of what is not:
 *
 * - What is computed of things that are all known, the script, run with them against the recording as it was, must
 *   send exactly as the recorded client sent it.
 * - What depends on an answer that nobody told (a page hashed the password before it was sent) cannot be held to it.
 *   Then its form is judged, it must be the same for the same answers, and is named among what was taken on trust.
 *
 * Whatever the script asks for beside what the flow knows must change something that it sends.
 */
import type { Context } from "../base/context.ts";
import type { Finding } from "../correlate/finding.ts";
import type { Input, LoginFlow } from "../correlate/flow.ts";
import { Evidence } from "../judge/evidence.ts";
import { openText } from "../judge/open_text.ts";
import {
  askedBeside,
  asTyped,
  claimedFlow,
  computedInputs,
  perhapsComputed,
} from "./claimed_inputs.ts";
import {
  assumedByForm,
  foundClaims,
  gapClaims,
  gapMismatch,
  ofScript,
  type PlacedClaim,
  unstableGaps,
  uselessPrompts,
  writtenGaps,
} from "./claims.ts";
import { type Influence, influenceOf } from "./influence.ts";
import { recordedValues } from "./placed_values.ts";
import type { AskedPrompt } from "./prompt_desk.ts";
import type { Mismatch, Proof, ProofRequest } from "./proof.ts";
import { proveScript } from "./prove.ts";
import { Prover } from "./prover.ts";

/** How far the claims were checked: `exact`, or by shape and dependence; `none` without claims. */
export type GapCheck = "exact" | "dependence" | "none";

export interface ClaimProof extends Proof {
  readonly gaps: GapCheck;
  /** What the script asked for beside what the analysis knows. */
  readonly asked?: readonly AskedPrompt[];
}

/** A script's claims, with what its runs show of them. */
interface Claiming {
  readonly flow: LoginFlow;
  readonly gaps: readonly Input[];
  /** Inputs that no recorded request carries as they were typed. */
  readonly hidden: readonly Input[];
  readonly beside: readonly Input[];
  readonly claims: readonly PlacedClaim[];
  /** `null` where everything is known, so that the proof decides alone. */
  readonly influence: Influence | null;
}

const BY_FORM =
  "is computed by the script of what it asks for, which nobody told, so that its form alone was checked";

/** @throws {AppError} as `proveScript`. */
export async function proveClaim(
  ctx: Context,
  request: ProofRequest,
): Promise<ClaimProof> {
  const evidence = new Evidence(request.traces);
  const claiming = await claimingOf(ctx, request, evidence);
  const { flow, claims, gaps, beside } = claiming;
  const isClaiming = gaps.length > 0 || claims.length > 0;
  const claimed = isClaiming ? { claimed: claims } : {};
  const proof = await proveScript(ctx, { ...request, flow, ...claimed }, evidence);
  const mismatches = [
    ...faultsShown(claiming, request.flow),
    ...unusedSecret(claiming, request),
    ...writtenGaps(request.source, gaps),
  ];
  const isExact = claims.every(({ isReproducible }) => isReproducible);
  return {
    ...proof,
    gaps: !isClaiming ? "none" : isExact ? "exact" : "dependence",
    passed: proof.passed && mismatches.length === 0,
    mismatches: [...proof.mismatches, ...mismatches],
    assumptions: [...proof.assumptions, ...assumedByForm(claims, BY_FORM)],
    ...beside.length === 0 ? {} : { asked: beside.map(({ label, secret }) => ({ label, secret })) },
  };
}

async function claimingOf(
  ctx: Context,
  request: ProofRequest,
  evidence: Evidence,
): Promise<Claiming> {
  const { traces, hints = [] } = request;
  const { flow: known, gaps } = claimedFlow(request.flow, hints);
  const explorer = (flow: LoginFlow) =>
    new Prover(ctx, { ...request, flow, claimed: [] }, evidence);
  const asked = await askedBeside(explorer(known));
  const flow = { ...known, inputs: [...known.inputs, ...asked] };
  const perhaps = perhapsComputed(flow, evidence, hints);
  const hidden = hiddenInputs(flow, traces);
  const isKnown = asked.length === 0 && hidden.every(({ recorded }) => recorded !== "");
  if (isKnown && perhaps.length === 0) {
    const claims = gaps.flatMap((gap) => gapClaims(gap, traces, () => true));
    return { flow, gaps, hidden, beside: [], claims, influence: null };
  }
  const influence = await influenceOf(explorer(flow), [...hidden, ...perhaps]);
  const computed = computedInputs(perhaps, evidence, influence);
  const typed = asTyped(computed, flow, hints);
  const sent = flow.inputs.filter((input) => !computed.includes(input));
  const claimed = { ...flow, inputs: [...sent, ...typed] };
  const all = hiddenInputs(claimed, traces);
  const claims = claimsOf(evidence, gaps, all, influence);
  return { flow: claimed, gaps, hidden: all, beside: [...asked, ...typed], claims, influence };
}

/** What is asked for and no recorded request carries; what was never typed in a recording is among it. */
function hiddenInputs({ inputs }: LoginFlow, traces: ProofRequest["traces"]): Input[] {
  return inputs.filter(({ recorded }) => recorded === "" || !isCarried(recorded, traces));
}

function isCarried(text: string, traces: ProofRequest["traces"]): boolean {
  return recordedValues(traces).some(({ value }) =>
    openText(value).some((part) => part.includes(text))
  );
}

/** The gaps, and what else another answer changes; but not what an answer issued or the client's code holds. */
function claimsOf(
  evidence: Evidence,
  gaps: readonly Input[],
  hidden: readonly Input[],
  influence: Influence,
): PlacedClaim[] {
  const { traces } = evidence;
  const isChangedBy = (place: string) => ({ name }: Input) =>
    influence.changed.get(name)?.has(place) === true;
  const untold = hidden.filter(({ recorded }) => recorded === "");
  const isReproducible = (place: string) => !untold.some(isChangedBy(place));
  const mayBeComputed = (value: string) =>
    value !== "" && !evidence.issued.has(value) && !evidence.isInClientCode(value);
  const open = gaps.flatMap((gap) => gapClaims(gap, traces, isReproducible));
  const taken = new Set(open.map(({ at }) => at.place));
  const others = recordedValues(traces).filter(({ place, value }) =>
    hidden.some(isChangedBy(place)) && mayBeComputed(value) && !taken.has(place) &&
    !isSentAsTyped(place, hidden, influence)
  ).map((at) => ({ at, value: at.value, isReproducible: isReproducible(at.place) }));
  return [...open, ...others];
}

/** What is asked for and sent as it is claims nothing: the judge of typed values decides on it. */
function isSentAsTyped(
  place: string,
  hidden: readonly Input[],
  { sent, answers }: Influence,
): boolean {
  const parts = openText(sent.get(place) ?? "");
  return hidden.some(({ name }) => parts.some((part) => part.includes(answers.get(name)!)));
}

/** What the runs with other answers show to be wrong. */
function faultsShown({ gaps, hidden, claims, influence }: Claiming, known: LoginFlow): Mismatch[] {
  if (influence === null) return [];
  const isIndependent = hidden.some(({ recorded }) => recorded === "") && claims.length > 0 &&
    claims.every(({ at, value }) => influence.sent.get(at.place)?.includes(value));
  const problem = "is the same whatever the user types, so it is not computed from it";
  return [
    ...uselessPrompts(hidden.filter((input) => !known.inputs.includes(input)), claims, influence),
    ...unstableGaps(gaps, claims, influence),
    ...isIndependent ? gaps.slice(0, 1).map((gap) => gapMismatch(gap, problem)) : [],
  ];
}

/**
 * What is wrong with a script that computes nothing of a password which was told for this recording, and which no
 * request carries.
 */
function unusedSecret(
  { flow, hidden, influence, claims }: Claiming,
  { traces, hints = [] }: ProofRequest,
): Mismatch[] {
  const told = hints.find(({ kind }) => kind === "password")?.value ?? "";
  const isOfThis = hints.some(({ value }) =>
    flow.inputs.some(({ recorded }) => recorded === value)
  );
  const input = hidden.find(({ recorded }) => recorded === told);
  const isUsed = input !== undefined &&
    (influence === null || (influence.changed.get(input.name)?.size ?? 0) > 0 ||
      claims.some(({ at }) => influence.unstable.has(at.place)));
  if (told === "" || !isOfThis || isUsed || isCarried(told, traces)) return [];
  const problem =
    "computes nothing of the password that was told, and no request carries it: whoever knows " +
    "another one could not log in";
  return [ofScript("script", problem)];
}

const FOUND_BY_FORM =
  "is computed as a model found; what it is computed from is not all in the recording, so that its form " +
  "alone was checked";

/**
 * Proof of a script that was written from a flow with findings: values whose computation somebody found out. As
 * `proveScript()` where there are none.
 *
 * @throws {AppError} as `proveScript`.
 */
export async function proveFound(
  ctx: Context,
  request: ProofRequest,
  findings: readonly Finding[],
): Promise<Proof> {
  const claimed = foundClaims(request.flow, findings);
  const proof = await proveScript(ctx, { ...request, claimed });
  const trusted = proof.passed ? assumedByForm(claimed, FOUND_BY_FORM) : [];
  return { ...proof, assumptions: [...proof.assumptions, ...trusted] };
}
