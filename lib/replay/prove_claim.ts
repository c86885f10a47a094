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
import type { Input, LoginFlow } from "../correlate/flow.ts";
import { Evidence } from "../judge/evidence.ts";
import { openText } from "../judge/open_text.ts";
import { askedInputs } from "./asked_inputs.ts";
import {
  assumedByForm,
  gapClaims,
  independentGap,
  type PlacedClaim,
  unstableGaps,
  uselessPrompts,
  writtenGaps,
} from "./claim_checks.ts";
import { claimedFlow, type HintedInput } from "./claimed_flow.ts";
import { computedInputs, perhapsComputed, withComputed } from "./computed_inputs.ts";
import { type Influence, influenceOf } from "./influence.ts";
import { recordedValues } from "./placed_values.ts";
import type { AskedPrompt } from "./prompt_desk.ts";
import type { Mismatch, Proof } from "./proof.ts";
import { proveScript } from "./prove.ts";
import type { ProofRequest } from "./proof_request.ts";

/** How far the claims were checked: `exact`, or by shape and dependence; `none` without claims. */
export type GapCheck = "exact" | "dependence" | "none";

export interface ClaimProof extends Proof {
  readonly gaps: GapCheck;
  /** What the script asked for beside what the analysis knows. */
  readonly asked?: readonly AskedPrompt[];
}

/** A script's claims, with what its runs show of them. */
interface Claiming {
  readonly request: ProofRequest;
  readonly gaps: readonly Input[];
  /** Inputs that no recorded request carries as they were typed. */
  readonly hidden: readonly Input[];
  readonly beside: readonly Input[];
  readonly claims: readonly PlacedClaim[];
  /** `null` where everything is known, so that the proof decides alone. */
  readonly influence: Influence | null;
}

/** @throws {AppError} as `proveScript`. */
export async function proveClaim(
  ctx: Context,
  request: ProofRequest,
  hints: readonly HintedInput[],
): Promise<ClaimProof> {
  const claiming = await claimingOf(ctx, request, hints);
  const { claims, gaps, hidden, influence, beside } = claiming;
  const isClaiming = gaps.length > 0 || claims.length > 0;
  const claimed = isClaiming ? { claimed: claims } : {};
  const proof = await proveScript(ctx, { ...claiming.request, ...claimed });
  const known = new Set(request.flow.inputs);
  const beyond = hidden.filter((input) => !known.has(input));
  const unused = influence === null ? [] : uselessPrompts(beyond, claims, influence);
  const mismatches = [
    ...unused,
    ...unusedSecret(claiming, hints),
    ...writtenGaps(request.source, gaps),
    ...influence === null ? [] : unstableGaps(gaps, claims, influence),
    ...isIndependent(claiming) ? independentGap(gaps) : [],
  ];
  const isExact = claims.every(({ isReproducible }) => isReproducible);
  return {
    ...proof,
    gaps: !isClaiming ? "none" : isExact ? "exact" : "dependence",
    passed: proof.passed && mismatches.length === 0,
    mismatches: [...proof.mismatches, ...mismatches],
    assumptions: [...proof.assumptions, ...assumedByForm(claims)],
    ...beside.length === 0 ? {} : { asked: beside.map(({ label, secret }) => ({ label, secret })) },
  };
}

async function claimingOf(
  ctx: Context,
  request: ProofRequest,
  hints: readonly HintedInput[],
): Promise<Claiming> {
  const { flow, gaps } = claimedFlow(request.flow, hints);
  const asking = await askedInputs(ctx, { ...request, flow }, hints);
  const asked = { ...request, flow: asking.flow };
  const perhaps = perhapsComputed(asking.flow, request.traces, hints);
  const hidden = hiddenInputs(asking.flow, request);
  const isKnown = asking.beside.length === 0 && hidden.every(({ recorded }) => recorded !== "");
  if (isKnown && perhaps.length === 0) {
    const claims = gaps.flatMap((gap) => gapClaims(gap, request.traces, () => true));
    return { ...asking, request: asked, gaps, hidden, claims, influence: null };
  }
  const influence = await influenceOf(ctx, asked, [...hidden, ...perhaps]);
  const computed = withComputed(
    asking.flow,
    computedInputs(perhaps, request.traces, influence),
    hints,
  );
  const all = hiddenInputs(computed.flow, request);
  return {
    request: { ...request, flow: computed.flow },
    gaps,
    hidden: all,
    beside: [...asking.beside, ...computed.beside],
    claims: claimsOf({ ...request, flow: computed.flow }, gaps, all, influence),
    influence,
  };
}

/** What is asked for and no recorded request carries; what was never typed in a recording is among it. */
function hiddenInputs({ inputs }: LoginFlow, { traces }: ProofRequest): Input[] {
  return inputs.filter(({ recorded }) => recorded === "" || !isCarried(recorded, traces));
}

function isCarried(text: string, traces: ProofRequest["traces"]): boolean {
  return recordedValues(traces).some(({ value }) =>
    openText(value).some((part) => part.includes(text))
  );
}

/** The gaps, and what else another answer changes; but not what an answer issued or the client's code holds. */
function claimsOf(
  { traces }: ProofRequest,
  gaps: readonly Input[],
  hidden: readonly Input[],
  influence: Influence,
): PlacedClaim[] {
  const evidence = new Evidence(traces);
  const isChangedBy = (place: string) => ({ name }: Input) =>
    influence.changed.get(name)?.has(place) === true;
  const untold = hidden.filter(({ recorded }) => recorded === "");
  const isReproducible = (place: string) => !untold.some(isChangedBy(place));
  const mayBeComputed = (value: string) =>
    value !== "" && !evidence.issued.has(value) && !evidence.isInClientCode(value);
  const open = gaps.flatMap((gap) => gapClaims(gap, traces, isReproducible));
  const taken = new Set(open.map(({ place }) => place));
  const others = recordedValues(traces).filter(({ place, value }) =>
    hidden.some(isChangedBy(place)) && mayBeComputed(value) && !taken.has(place) &&
    !isSentAsTyped(place, hidden, influence)
  ).map((one) => ({ ...one, isReproducible: isReproducible(one.place) }));
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

/** True where the recorded text is sent whoever is asked, and not all is known that it may be computed of. */
function isIndependent({ hidden, influence, claims }: Claiming): boolean {
  if (influence === null || hidden.every(({ recorded }) => recorded !== "")) return false;
  return claims.length > 0 && claims.every(({ place, value }) => {
    const sent = influence.sent.get(place);
    return sent !== undefined && sent.includes(value);
  });
}

/**
 * What is wrong with a script that computes nothing of a password which was told for this recording, and which no
 * request carries.
 */
function unusedSecret(
  { request: { flow, traces }, hidden, influence, claims }: Claiming,
  hints: readonly HintedInput[],
): Mismatch[] {
  const told = hints.find(({ kind }) => kind === "password")?.recorded ?? "";
  const isOfThis = hints.some(({ recorded }) =>
    flow.inputs.some((input) => input.recorded === recorded)
  );
  const input = hidden.find(({ recorded }) => recorded === told);
  const isUsed = input !== undefined &&
    (influence === null || (influence.changed.get(input.name)?.size ?? 0) > 0 ||
      claims.some(({ place }) => influence.unstable.has(place)));
  if (told === "" || !isOfThis || isUsed || isCarried(told, traces)) return [];
  const problem =
    "computes nothing of the password that was told, and no request carries it: whoever knows " +
    "another one could not log in";
  return [{ step: null, trace: null, where: "script", problem }];
}
