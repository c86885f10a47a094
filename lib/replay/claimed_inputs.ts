/**
 * What a script that somebody else wrote may ask for beside what the flow knows: a password of which a page sent a
 * digest, a PIN, the name of a company. That it may be asked for, the script has to show: something that it sends
 * must come out another way for another answer (`influence.ts`).
 */
import type { Input, LoginFlow } from "../correlate/flow.ts";
import { isOneTimeCode, isPasswordName, isSecretName } from "../http/vocabulary.ts";
import type { Evidence } from "../judge/evidence.ts";
import { openText } from "../judge/open_text.ts";
import { typedCredentials } from "../judge/typed_credentials.ts";
import { inventInputs } from "./invent_inputs.ts";
import type { Influence } from "./influence.ts";
import { recordedValues } from "./placed_values.ts";
import { type AskedPrompt, isOfKind, isOfLabel, kindOfLabel, plainWords } from "./prompt_desk.ts";
import type { ToldInput } from "./proof.ts";
import type { Prover } from "./prover.ts";

export interface ClaimedFlow {
  /** Without prompts for the gaps. */
  readonly flow: LoginFlow;
  readonly gaps: readonly Input[];
}

/**
 * What correlation could not explain the script claims to compute, so nobody is asked for it. A password that was
 * never recorded as it was typed may be asked for: what is claimed may be computed from it.
 */
export function claimedFlow(flow: LoginFlow, hints: readonly ToldInput[]): ClaimedFlow {
  const gaps = flow.inputs.filter((input) =>
    input.kind === "other" && hints.every(({ value }) => value !== input.recorded)
  );
  if (gaps.length === 0) return { flow, gaps };
  const inputs = flow.inputs.filter((input) => !gaps.includes(input));
  if (!flow.inputs.some(({ kind }) => kind === "password" || kind === "api-key")) {
    inputs.push({
      name: "typed_password",
      label: "Password",
      secret: true,
      kind: "password",
      recorded: hints.find(({ kind }) => kind === "password")?.value ?? "",
      isOptional: !gaps.some(({ name }) => isPasswordName(name)),
    });
  }
  return { gaps, flow: { ...flow, inputs } };
}

/** What the script asks for beside the inputs of the flow. */
export async function askedBeside(prover: Prover): Promise<Input[]> {
  const { flow: { inputs }, source, hints = [] } = prover.request;
  const isAllKnown = literalLabels(source)?.every((label) => inputs.some(isOfLabel(label)));
  const prompts = isAllKnown === true ? [] : await promptsOf(prover);
  const beside: Input[] = [];
  for (const prompt of promptsBeside(prompts, inputs)) {
    const known = new Set([...inputs, ...beside].map(({ recorded }) => recorded));
    const told = toldOf(prompt, hints.filter(({ value }) => !known.has(value)));
    beside.push({ ...prompt, ...told, name: `asked_${beside.length + 1}`, kind: kindOf(prompt) });
  }
  return beside;
}

const PROMPT = /\bprompt_(?:text|secret)\b/g;
const LITERAL_PROMPT = /\bprompt_(?:text|secret)\(\s{0,9}(["'`])([^"'`\\$]{1,80})\1\s{0,9}[,)]/g;

/** `undefined` where a label is put together at run time. */
function literalLabels(source: string): string[] | undefined {
  const labels = [...source.matchAll(LITERAL_PROMPT)].map(([, , label]) => label!);
  return labels.length === (source.match(PROMPT) ?? []).length ? labels : undefined;
}

/** An answer to what nobody knows yet: digits are a text as well. */
const SOME_ANSWER = "483920";

/** Everything that a run with the recorded answers asks for, each label once. */
async function promptsOf(prover: Prover): Promise<AskedPrompt[]> {
  const { flow } = prover.request;
  const known = inventInputs(flow, prover.random);
  const prompts = new Map<string, AskedPrompt>();
  await prover.reenact(known, "recorded", (label, secret) => {
    prompts.set(plainWords(label), { label, secret });
    const input = flow.inputs.find(isOfLabel(label)) ?? flow.inputs.find(isOfKind(label));
    return known.get(input?.name ?? "") ?? SOME_ANSWER;
  });
  return [...prompts.values()];
}

/** What is left when each input has its prompt: by its label, by its kind, and where one has to be asked for, any. */
function promptsBeside(
  prompts: readonly AskedPrompt[],
  inputs: readonly Input[],
): AskedPrompt[] {
  const left = new Set(prompts);
  const open = new Set(inputs);
  const ways: readonly ((prompt: AskedPrompt, input: Input) => boolean)[] = [
    ({ label }, input) => isOfLabel(label)(input),
    ({ label }, input) => isOfKind(label)(input),
    ({ label, secret }, input) => secret === input.secret && kindOfLabel(label) === undefined,
    ({ secret }, input) => secret === input.secret && input.isOptional !== true,
  ];
  for (const fits of ways) {
    for (const input of open) {
      const prompt = [...left].find((one) => fits(one, input));
      if (prompt === undefined) continue;
      left.delete(prompt);
      open.delete(input);
    }
  }
  return [...left];
}

/** What was told of it: under its label, else the only thing told of its kind, else the only one left. */
function toldOf(prompt: AskedPrompt, hints: readonly ToldInput[]): Pick<Input, "recorded"> {
  const named = hints.filter(({ name }) => isOfLabel(prompt.label)({ label: name }));
  const groups = [named, hints.filter(({ kind }) => kind === kindOf(prompt)), hints];
  const [told, ...more] = groups.find(({ length }) => length > 0) ?? [];
  return { recorded: more.length === 0 ? told?.value ?? "" : "" };
}

function kindOf({ label, secret }: AskedPrompt): Input["kind"] {
  if (isOneTimeCode(label, SOME_ANSWER)) return "one-time-code";
  return secret || isPasswordName(label) || isSecretName(label) ? "password" : "identifier";
}

/**
 * What the analysis takes for typed, because nothing else explains it, a page may have computed of what was typed:
 * secrets of the flow but those that evidence of its own (a password box, a name, what the user told) shows to be
 * typed as they stand.
 */
export function perhapsComputed(
  { inputs }: LoginFlow,
  evidence: Evidence,
  hints: readonly ToldInput[],
): Input[] {
  const typed = typedCredentials(evidence, hints.map(({ value }) => value));
  const known = new Set(typed.filter(({ role }) => role !== "user").map(({ value }) => value));
  return inputs.filter(({ secret, recorded }) => secret && recorded !== "" && !known.has(recorded));
}

/** Those of them in whose place the script sends something else than what it was answered: no request carries them. */
export function computedInputs(
  inputs: readonly Input[],
  { traces }: Evidence,
  { sent, answers, changed }: Influence,
): Input[] {
  const values = recordedValues(traces);
  return inputs.filter(({ name, recorded }) => {
    const answer = answers.get(name) ?? "";
    const places = values.filter(({ value }) => openText(value).includes(recorded))
      .map(({ place }) => sent.get(place)).filter((text) => text !== undefined);
    const holdsAnswer = (text: string) =>
      text.includes(answer) || openText(text).some((part) => part.includes(answer));
    return changed.has(name) && places.length > 0 && !places.some(holdsAnswer);
  });
}

/** With what was told of them, where only one thing can be meant, in place of what is computed of it. */
export function asTyped(
  computed: readonly Input[],
  { inputs }: LoginFlow,
  hints: readonly ToldInput[],
): Input[] {
  const known = new Set(inputs.map(({ recorded }) => recorded));
  return computed.map((input) => {
    const told = hints.filter(({ kind, value }) => kind === input.kind && !known.has(value));
    return { ...input, recorded: told.length === 1 ? told[0]!.value : "" };
  });
}
