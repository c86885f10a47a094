/**
 * A script may ask for a password that no request carries, where the analysis saw nothing unexplained: what a page
 * makes of a password may look like a constant. Which values the script computes of it, its own runs show: those
 * that another password changes. They are its claims. What an answer issued, or the client's code holds, is none.
 */
import type { Context } from "../base/context.ts";
import type { Input, LoginFlow } from "../correlate/flow.ts";
import type { ClaimedValue } from "../judge/claimed_values.ts";
import { Evidence } from "../judge/evidence.ts";
import { openText } from "../judge/open_text.ts";
import { placeKey, requestValues } from "../judge/request_values.ts";
import type { ScriptRun } from "../judge/run.ts";
import type { HintedInput } from "./claimed_flow.ts";
import { inventInputs } from "./fresh_flow.ts";
import type { Mismatch } from "./proof.ts";
import type { ProofRequest } from "./proof_request.ts";
import { RandomSource } from "./random_source.ts";
import { reenact } from "./reenact.ts";

export interface AskedSecret {
  /** With the password among its inputs. */
  readonly flow: LoginFlow;
  readonly label: string;
  readonly isTold: boolean;
  /** None where nothing that is sent depends on it. */
  readonly claims: readonly SecretClaim[];
}

/** A recorded value that the script computes of the secret, and its place. */
export interface SecretClaim extends ClaimedValue {
  readonly trace: string;
  readonly where: string;
}

const NAME = "typed_password";
const LABEL = /\bprompt_secret\(\s*["'`]([^"'`\\]{1,80})["'`]/;

/** `null` for a script that asks for no secret, or for one that the flow knows. */
export async function askedSecret(
  ctx: Context,
  request: ProofRequest,
  hints: readonly HintedInput[],
): Promise<AskedSecret | null> {
  const { flow, source } = request;
  const isAsked = flow.inputs.some(({ secret }) => secret);
  if (isAsked || !source.includes("prompt_secret")) return null;
  const label = LABEL.exec(source)?.[1] ?? "Password";
  const recorded = hints.find(({ kind }) => kind === "password")?.recorded ?? "";
  const secret: Input = { name: NAME, label, secret: true, kind: "password", recorded };
  const asking = { ...flow, inputs: [...flow.inputs, secret] };
  const isTold = recorded !== "";
  // What it computes with may come from a request that the analysis had no use for.
  const places = await dependentPlaces(ctx, { ...request, flow: asking, claimed: [] });
  const claims = places.map((place) => ({ ...place, isReproducible: isTold }));
  return { flow: asking, label, isTold, claims };
}

/**
 * What is wrong with a script that computes nothing of a password which was told for this recording, and which no
 * request carries; `null` where none was, or it travels.
 */
export function unusedSecret(
  { flow, traces }: ProofRequest,
  hints: readonly HintedInput[],
): Mismatch | null {
  const isOfThis = hints.some(({ recorded }) =>
    flow.inputs.some((input) => input.recorded === recorded)
  );
  const told = hints.find(({ kind }) => kind === "password")?.recorded ?? "";
  const isSent = traces.some(({ request }) =>
    requestValues(request).some(({ value }) => openText(value).some((text) => text.includes(told)))
  );
  if (!isOfThis || told === "" || isSent) return null;
  const problem =
    "computes nothing of the password that was told, and no request carries it: whoever knows " +
    "another one could not log in";
  return { step: null, trace: null, where: "script", problem };
}

/** As recorded, what the script sends another of for another password, and the same for the same. */
async function dependentPlaces(
  ctx: Context,
  request: ProofRequest,
): Promise<Omit<SecretClaim, "isReproducible">[]> {
  const random = new RandomSource(ctx.random);
  const one = inventInputs(request.flow, random);
  const other = new Map([...one, [NAME, `${one.get(NAME)}-another`]]);
  const play = async (inputs: ReadonlyMap<string, string>) =>
    sentValues((await reenact(ctx, request, inputs, "recorded")).run);
  const [first, again, another] = await Promise.all([play(one), play(one), play(other)]);
  const evidence = new Evidence(request.traces);
  const isClaim = (value: string) =>
    value !== "" && !evidence.issued.has(value) && !evidence.isInClientCode(value);
  return request.traces.flatMap(({ id, request: recorded }) =>
    requestValues(recorded).filter((place) => {
      const key = `${id} ${placeKey(place)}`;
      const sent = first.get(key);
      const isStable = sent !== undefined && sent === again.get(key);
      return isStable && sent !== another.get(key) && isClaim(place.value);
    }).map(({ value, where }) => ({ trace: id, where, value }))
  );
}

function sentValues({ sent }: ScriptRun): Map<string, string> {
  return new Map(
    sent.flatMap(({ trace, request }) =>
      trace === null
        ? []
        : requestValues(request).map((place) => [`${trace} ${placeKey(place)}`, place.value])
    ),
  );
}
