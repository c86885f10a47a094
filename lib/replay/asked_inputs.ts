/**
 * What a script asks for beside what the flow knows: a password of which a page sent a digest, a PIN, the name of a
 * company. That it may be asked for, the script has to show: something that it sends must come out another way
 * for another answer (`influence.ts`).
 */
import type { Context } from "../base/context.ts";
import type { Input, LoginFlow } from "../correlate/flow.ts";
import { isOneTimeCode, isPasswordName, isSecretName } from "../http/vocabulary.ts";
import type { HintedInput } from "./claimed_flow.ts";
import { inventInputs } from "./fresh_flow.ts";
import { type AskedPrompt, kindOfLabel, plainWords } from "./prompt_desk.ts";
import type { ProofRequest } from "./proof_request.ts";
import { RandomSource } from "./random_source.ts";
import { reenact } from "./reenact.ts";

export interface AskedInputs {
  /** With what is asked for beside the inputs of the flow. */
  readonly flow: LoginFlow;
  readonly beside: readonly Input[];
}

export async function askedInputs(
  ctx: Context,
  request: ProofRequest,
  hints: readonly HintedInput[],
): Promise<AskedInputs> {
  const { flow, source } = request;
  const labels = new Set(flow.inputs.map(({ label }) => plainWords(label)));
  const isAllKnown = literalLabels(source)?.every((label) => labels.has(plainWords(label)));
  const prompts = isAllKnown === true ? [] : await promptsOf(ctx, request);
  const beside: Input[] = [];
  for (const prompt of promptsBeside(prompts, flow.inputs)) {
    beside.push(inputOf(prompt, beside.length, unusedHints(hints, [...flow.inputs, ...beside])));
  }
  return { flow: { ...flow, inputs: [...flow.inputs, ...beside] }, beside };
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
async function promptsOf(ctx: Context, request: ProofRequest): Promise<AskedPrompt[]> {
  const { flow } = request;
  const known = inventInputs(flow, new RandomSource(ctx.random));
  const prompts = new Map<string, AskedPrompt>();
  const desk = {
    answer(label: string, secret: boolean): string {
      prompts.set(plainWords(label), { label, secret });
      const input = flow.inputs.find((one) => plainWords(one.label) === plainWords(label)) ??
        flow.inputs.find(({ kind }) => kind === kindOfLabel(plainWords(label)));
      return known.get(input?.name ?? "") ?? SOME_ANSWER;
    },
    given: () => new Map<string, string>(),
  };
  await reenact(ctx, { ...request, claimed: [] }, known, "recorded", desk);
  return [...prompts.values()];
}

/** What is left when each input has its prompt: by its label, by its kind, and where one has to be asked for, any. */
function promptsBeside(
  prompts: readonly AskedPrompt[],
  inputs: readonly Input[],
): AskedPrompt[] {
  const left = new Set(prompts);
  const open = new Set(inputs);
  const pair = (fits: (prompt: AskedPrompt, input: Input) => boolean) => {
    for (const input of open) {
      const prompt = [...left].find((one) => fits(one, input));
      if (prompt === undefined) continue;
      left.delete(prompt);
      open.delete(input);
    }
  };
  pair(({ label }, input) => plainWords(label) === plainWords(input.label));
  pair(({ label }, { kind }) => kindOfLabel(plainWords(label)) === kind);
  pair(({ label, secret }, input) =>
    secret === input.secret && (kindOfLabel(plainWords(label)) ?? input.kind) === input.kind
  );
  pair(({ secret }, input) => secret === input.secret && input.isOptional !== true);
  return [...left];
}

function unusedHints(
  hints: readonly HintedInput[],
  inputs: readonly Input[],
): HintedInput[] {
  return hints.filter((hint) => inputs.every(({ recorded }) => recorded !== hint.recorded));
}

/** What was told of it: under its label, else the only thing told of its kind, else the only one left. */
function inputOf(
  { label, secret }: AskedPrompt,
  index: number,
  hints: readonly HintedInput[],
): Input {
  const kind = kindOf(label, secret);
  const named = hints.filter((hint) => plainWords(hint.label ?? "") === plainWords(label));
  const groups = [named, hints.filter((hint) => hint.kind === kind), hints];
  const [told, ...more] = groups.find(({ length }) => length > 0) ?? [];
  const recorded = more.length === 0 ? told?.recorded ?? "" : "";
  return { name: `asked_${index + 1}`, label, secret, kind, recorded };
}

function kindOf(label: string, secret: boolean): Input["kind"] {
  if (isOneTimeCode(label, SOME_ANSWER)) return "one-time-code";
  return secret || isPasswordName(label) || isSecretName(label) ? "password" : "identifier";
}
