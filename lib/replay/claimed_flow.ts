/**
 * What a script written by somebody else is asked where correlation left a gap. The script claims to compute
 * what correlation could not explain, so nobody is asked for it.
 */
import type { Input, LoginFlow } from "../correlate/flow.ts";
import { isPasswordName } from "../http/vocabulary.ts";

/** What the user says was typed while recording. */
export interface HintedInput extends Pick<Input, "kind" | "recorded"> {
  /** Under what it was told. */
  readonly label?: string;
}

export interface ClaimedFlow {
  /** Without prompts for the gaps. */
  readonly flow: LoginFlow;
  readonly gaps: readonly Input[];
}

export function claimedFlow(flow: LoginFlow, hints: readonly HintedInput[]): ClaimedFlow {
  const gaps = flow.inputs.filter((input) =>
    input.kind === "other" && hints.every(({ recorded }) => recorded !== input.recorded)
  );
  if (gaps.length === 0) return { flow, gaps };
  const explained = flow.inputs.filter((input) => !gaps.includes(input));
  return { gaps, flow: { ...flow, inputs: [...explained, ...askedBeside(flow, gaps, hints)] } };
}

/** A password that was never recorded as it was typed may be asked for: what is claimed may be computed from it. */
function askedBeside(
  flow: LoginFlow,
  gaps: readonly Input[],
  hints: readonly HintedInput[],
): Input[] {
  const isAsked = flow.inputs.some(({ kind }) => kind === "password" || kind === "api-key");
  if (isAsked) return [];
  const recorded = hints.find(({ kind }) => kind === "password")?.recorded ?? "";
  const isOptional = !gaps.some(({ name }) => isPasswordName(name));
  const kind = "password";
  return [{ name: "typed_password", label: "Password", secret: true, kind, recorded, isOptional }];
}
