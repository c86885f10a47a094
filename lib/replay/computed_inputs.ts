/**
 * What the analysis takes for typed, because nothing else explains it, a page may have computed of what was typed. A
 * script that asks for it and sends something else in its place says so. Where evidence of its own (a password box, a
 * name, what the user told) shows that it was typed as it stands, the script is wrong.
 */
import type { Input, LoginFlow } from "../correlate/flow.ts";
import type { Trace } from "../http/exchange.ts";
import { Evidence } from "../judge/evidence.ts";
import { openText } from "../judge/open_text.ts";
import { typedCredentials } from "../judge/typed_credentials.ts";
import type { HintedInput } from "./claimed_flow.ts";
import type { Influence } from "./influence.ts";
import { recordedValues } from "./placed_values.ts";

/** Secrets of the flow that may be computed, for all that the recording says of them. */
export function perhapsComputed(
  flow: LoginFlow,
  traces: readonly Trace[],
  hints: readonly HintedInput[],
): Input[] {
  const typed = typedCredentials(new Evidence(traces), hints.map(({ recorded }) => recorded));
  const known = new Set(typed.filter(({ role }) => role !== "user").map(({ value }) => value));
  return flow.inputs.filter(({ secret, recorded }) =>
    secret && recorded !== "" && !known.has(recorded)
  );
}

/** Those of them in whose place the script sends something else than what it was answered. */
export function computedInputs(
  inputs: readonly Input[],
  traces: readonly Trace[],
  { sent, answers, asked }: Influence,
): Input[] {
  const values = recordedValues(traces);
  return inputs.filter(({ name, recorded }) => {
    const answer = answers.get(name) ?? "";
    const places = values.filter(({ value }) => openText(value).includes(recorded))
      .map(({ place }) => sent.get(place)).filter((text) => text !== undefined);
    const holdsAnswer = (text: string) =>
      text.includes(answer) || openText(text).some((part) => part.includes(answer));
    return asked.has(name) && places.length > 0 && !places.some(holdsAnswer);
  });
}

/** Of the flow, with the secrets as something that no request carries. */
export function withComputed(
  flow: LoginFlow,
  computed: readonly Input[],
  hints: readonly HintedInput[],
): { readonly flow: LoginFlow; readonly beside: readonly Input[] } {
  const known = new Set(flow.inputs.map(({ recorded }) => recorded));
  const beside = computed.map((input) => {
    const told = hints.filter(({ kind, recorded }) => kind === input.kind && !known.has(recorded));
    return { ...input, recorded: told.length === 1 ? told[0]!.recorded : "" };
  });
  const others = flow.inputs.filter((input) => !computed.includes(input));
  return { flow: { ...flow, inputs: [...others, ...beside] }, beside };
}
