/** `keysmith auth analyze APP` */
import {
  analyzeAuth,
  type AnalyzeAuthInput,
  type AnalyzeAuthOutput,
  needsBrowser,
} from "../../../ops/analyze_auth.ts";
import { APPROVAL } from "../../../ops/flow_explanation.ts";
import { forgetBodies } from "../../../ops/forget_bodies.ts";
import type { ModelMode } from "../../../ops/model_access.ts";
import type { AnalyzeWithModelInput } from "../../../ops/analyze_with_model.ts";
import {
  assumptionLine,
  openAssumptions,
  provenWords,
  settlingHint,
} from "../../../ops/proof_verdict.ts";
import { defineCommand, type Session } from "../../command.ts";
import { modelOptions, parseModelMode, parseShowPrompts } from "../../model_flags.ts";
import type { Output } from "../../output.ts";
import { promptLines } from "../../prompt_lines.ts";
import { readHints, toldOption } from "../../told_answers.ts";
import { countOf } from "../../words.ts";

export const command = defineCommand({
  operands: [["<app>", "the app"]],
  options: [
    toldOption,
    ...modelOptions("ask the model also where the script is proven but for assumptions"),
    { flags: "--show-prompts", summary: "print what the model would be sent, and send nothing" },
  ],
  examples: [
    "keysmith auth analyze shop",
    "keysmith auth analyze shop --no-llm --json",
    "keysmith auth analyze shop --show-prompts",
  ],
  stillSec: 600,

  parse([app = ""], flags) {
    return {
      app,
      answers: flags.text("answers"),
      mode: parseModelMode(flags),
      showPrompts: parseShowPrompts(flags),
    };
  },

  async run(session, { app, answers, mode, showPrompts }) {
    const { ctx, output } = session;
    const hints = await readHints(session, answers);
    if (showPrompts) return await printPrompts(session, { app, hints }, mode);
    const message = "following each value to where it comes from";
    const correlated = await output.progress(message, () => analyzeAuth(ctx, { app, hints }));
    const analysis = mode === "never"
      ? correlated
      : await analyzeFurther(session, { app, hints, mode }, correlated);
    const { captures } = analysis.result === "script"
      ? await forgetBodies(ctx, { app })
      : { captures: [] };
    output.result(analysis, () => printAnalysis(output, app, analysis));
    for (const capture of captures) output.note(`${capture}: its bodies are forgotten now`);
    return analysis.result === "draft" || analysis.result === "refused" ? 1 : 0;
  },
});

/** Loaded when needed: most logins are explained without a model. Its rounds are told a line each. */
async function analyzeFurther(
  { ctx }: Session,
  input: AnalyzeWithModelInput,
  correlated: AnalyzeAuthOutput,
): Promise<AnalyzeAuthOutput> {
  const isOpen = correlated.result === "draft" || correlated.result === "refused";
  if (input.mode === "auto" && !isOpen) return correlated;
  const { analyzeWithModel } = await import("../../../ops/analyze_with_model.ts");
  return await analyzeWithModel(ctx, input, correlated);
}

async function printPrompts(
  { ctx, output }: Session,
  input: AnalyzeAuthInput,
  mode: ModelMode,
): Promise<void> {
  const { promptsFor } = await import("../../../ops/analyze_with_model.ts");
  const prompts = await promptsFor(ctx, input);
  output.result(prompts, () => promptLines(prompts).forEach((line) => output.line(line)));
  if (prompts.onDemand && mode === "auto") {
    output.note("that would be sent with --llm; without it, nothing would");
  }
}

function printAnalysis(output: Output, app: string, analysis: AnalyzeAuthOutput): void {
  const { style } = output;
  const { steps, values } = analysis;
  if (steps.length > 0) printSteps(output, steps);
  if (steps.length > 0 || values.length > 0) printValues(output, analysis);
  switch (analysis.result) {
    case "script":
      output.line(`script   ${analysis.script}`);
      printVerdict(output, app, analysis);
      output.note(`next: keysmith auth login ${app}`);
      break;
    case "draft":
      output.line(`draft    ${analysis.script}`);
      output.line("Part of the login is unexplained; the draft is not run.", style.yellow);
      break;
    case "none":
      output.line("There is no login in the recordings.");
      break;
    case "refused":
      output.line("This login cannot be reproduced by a script.", style.yellow);
      break;
  }
  for (const reason of analysis.reasons) output.line(`- ${reason}`);
  if (needsBrowser(analysis)) {
    output.note(`a browser can log in all the same: keysmith auth login ${app} --browser`);
  }
  if (analysis.result === "none") {
    output.note(
      `where somebody logs in all the same, a model may say how: keysmith auth analyze ${app} --llm`,
    );
    output.note(
      `next: record a login: keysmith learn ${app}; or hand over credentials that you have: keysmith auth set ${app}`,
    );
  }
}

function printVerdict(output: Output, app: string, { proof }: AnalyzeAuthOutput): void {
  const open = proof === null ? [] : openAssumptions(proof);
  if (proof === null || open.length === 0) {
    output.line("The login is explained and its script proven.", output.style.green);
    return;
  }
  output.line(`The login is explained and its script ${provenWords(proof)}:`, output.style.yellow);
  for (const assumption of open) output.line(`- ${assumptionLine(assumption)}`);
  output.line(settlingHint(app));
}

function printSteps(output: Output, steps: AnalyzeAuthOutput["steps"]): void {
  output.line("The login, step by step", output.style.bold);
  output.grid(
    ["STEP", "TRACE", "METHOD", "URL"],
    steps.map(({ id, trace, method, url }) => [id, trace, method, url]),
  );
  output.line();
}

function printValues(output: Output, analysis: AnalyzeAuthOutput): void {
  const { values, inputs, hosts, refresh, proof } = analysis;
  output.line("What it sends, and where that comes from", output.style.bold);
  output.grid(
    ["VALUE", "COMES FROM", "KIND"],
    values.map(({ where, from, kind }) => [where, from, kind]),
  );
  output.line();
  const asks = inputs.map(({ label, secret }) => secret ? `${label} (not shown)` : label);
  const approvals = values.some(({ kind }) => kind === "approval") ? [APPROVAL] : [];
  output.line(`asks     ${[...asks, ...approvals].join(", ") || "nothing"}`);
  output.line(`hosts    ${hosts.join(", ")}`);
  output.line(`refresh  ${refresh}`);
  if (proof !== null) output.line(`proof    ${describeProof(proof)}`);
}

function describeProof({ passed, steps }: NonNullable<AnalyzeAuthOutput["proof"]>): string {
  const asked = steps.filter(({ status }) => status === "asked").length;
  const all = countOf(steps.length, "request");
  if (steps.length === 0) {
    return `${passed ? "passed" : "failed"}: no request, tried with another user's credentials`;
  }
  return passed
    ? `passed: ${all} reproduced with fresh values and another user's credentials`
    : `failed: ${asked} of ${all} reproduced`;
}
