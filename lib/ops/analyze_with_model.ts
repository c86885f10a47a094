/**
 * Asks a model for what correlation left open. The model's script is kept under the same condition as any
 * other: it passed its proof. Whatever goes wrong with the model, correlation's answer stays.
 */
import type { Context } from "../base/context.ts";
import { answerFacts } from "../correlate/answer_facts.ts";
import type { Findings } from "../correlate/finding.ts";
import type { Analysis, LoginFlow } from "../correlate/flow.ts";
import type { Trace } from "../http/exchange.ts";
import type { ChatMessage, ToolSpec } from "../llm/chat.ts";
import { FindingDesk, openOf } from "../llm/findings/finding_desk.ts";
import { recordedLogin } from "../llm/recorded_login.ts";
import { SCRIPT_TOOLS } from "../llm/script_tools.ts";
import { openingMessages } from "../llm/opening_messages.ts";
import type { ProvenFlow, ScriptTask, TriedScript } from "../llm/script_task.ts";
import { writeScript, type Written } from "../llm/write_script.ts";
import { proveClaim, proveFound } from "../replay/prove_claim.ts";
import { runFunction } from "../replay/run_function.ts";
import { generateScript } from "../script/generate.ts";
import { type Home, openHome } from "../store/home.ts";
import { writeAuthRecord } from "../token/auth_file.ts";
import { writeAuthScript } from "../token/script_file.ts";
import {
  analyzeAuth,
  type AnalyzeAuthInput,
  type AnalyzeAuthOutput,
  describe,
  proofRequest,
  recordOf,
  registerRecorded,
  typedOf,
} from "./analyze_auth.ts";
import { openAssumptions } from "./proof_verdict.ts";
import { writeFindings } from "./known_findings.ts";
import { BestScript } from "./best_script.ts";
import { keepScript, type RecordedLogin } from "./keep_model_script.ts";
import { analysisOf } from "./recorded_analysis.ts";
import { NOTHING_OPEN, whyNotAsked } from "./why_not_asked.ts";
import {
  modelAccess,
  type ModelMode,
  requireModel,
  roundTeller,
  withModel,
} from "./model_access.ts";

export interface AnalyzeWithModelInput extends AnalyzeAuthInput {
  readonly mode: ModelMode;
}

/** What would be sent first. */
export interface ShownPrompts {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolSpec[];
  /** Why nothing would be sent. */
  readonly why?: string;
  /** True where it is sent with `--llm` alone. */
  readonly onDemand?: true;
}

/**
 * `analysis` as it is where no model is wanted, needed or set up; else what the model made of it.
 *
 * @throws {AppError} `NOT_FOUND` when a model was asked for by name of the option and none is set up.
 */
export async function analyzeWithModel(
  ctx: Context,
  input: AnalyzeWithModelInput,
  analysis: AnalyzeAuthOutput,
): Promise<AnalyzeAuthOutput> {
  if (input.mode === "never") return analysis;
  const home = openHome(ctx);
  const { task, recorded, why } = modelTask(ctx, home, input, analysis);
  if (why !== null || input.mode === "auto" && !isOpen(analysis, task)) {
    return input.mode === "auto"
      ? analysis
      : withReason(analysis, `model: not asked, because ${why}`);
  }
  const access = input.mode === "always" ? await requireModel(ctx) : await modelAccess(ctx);
  if (access === null) return analysis;
  const best = new BestScript(home, input.app);
  const written = await withModel(ctx, access, best, () =>
    writeScript(access.chat, {
      ...task,
      onRound: roundTeller(ctx, access),
      onBest: (source) => best.keep(source),
    }));
  return await outcomeOf(home, input.app, { written, recorded, analysis, best });
}

/**
 * The first messages to the model, whether or not one is set up, after the analysis that decides on them.
 * Nothing is sent.
 */
export async function promptsFor(ctx: Context, input: AnalyzeAuthInput): Promise<ShownPrompts> {
  const home = openHome(ctx);
  await home.requireApp(input.app);
  const analysis = await analyzeAuth(ctx, input);
  const { task, why } = modelTask(ctx, home, input, analysis);
  if (why !== null) return { messages: [], tools: [], why };
  const shown = { messages: openingMessages(task), tools: SCRIPT_TOOLS };
  return isOpen(analysis, task) ? shown : { ...shown, onDemand: true };
}

/** True where a model is asked unless the user says no. */
function isOpen({ result }: AnalyzeAuthOutput, { flow }: ScriptTask): boolean {
  return result !== "script" && (result !== "none" || flow !== null);
}

function withReason(analysis: AnalyzeAuthOutput, reason: string): AnalyzeAuthOutput {
  return { ...analysis, reasons: [...analysis.reasons, reason] };
}

interface Recorded extends RecordedLogin {
  /** Other recordings of the app. */
  readonly others: readonly (readonly Trace[])[];
  readonly analyze: (findings: Findings) => Analysis;
}

function modelTask(
  ctx: Context,
  home: Home,
  { app, hints = [] }: AnalyzeAuthInput,
  { result, reasons, proof }: AnalyzeAuthOutput,
): { task: ScriptTask; recorded: Recorded; why: string | null } {
  const recording = analysisOf(home, app, typedOf(hints));
  const { analysis, traces, others, analyze, findings: known, hints: typed } = recording;
  const open = analysis.kind === "flow" ? analysis : openOf(analysis);
  const [flow, values] = [open?.flow ?? null, open?.values ?? []];
  const recorded = { flow, values, traces, others, hints: typed, analyze };
  if (flow !== null) registerRecorded(ctx, flow);
  const trusted = proof === null ? [] : openAssumptions(proof);
  const login = recordedLogin(app, traces, flow, { typed, script: null });
  const task: ScriptTask = {
    view: login.view,
    draft: login.draft,
    flow,
    values,
    reasons,
    trusted,
    order: null,
    onRound: () => {},
    onBest: () => Promise.resolve(),
    prove: (source) => proveRecorded(ctx, source, recorded),
    findings: new FindingDesk({
      traces,
      typed,
      analyze,
      known,
      random: ctx.random,
      run: (call) => runFunction({ ...call, signal: ctx.signal, startSandbox: ctx.startSandbox }),
    }, login.view.redaction),
    proveFlow: (found, findings) => proveFlow(ctx, app, { ...recorded, flow: found }, findings),
  };
  const isSettled = result === "script" && trusted.length === 0;
  return { task, recorded, why: isSettled ? NOTHING_OPEN : whyNotAsked(analysis) };
}

/** What a proof takes of the recording. */
type Provable = Pick<Recorded, "traces" | "others" | "hints">;

/** The script of a flow in which nothing is open, with its proof. */
async function proveFlow(
  ctx: Context,
  app: string,
  recorded: Provable & { readonly flow: LoginFlow },
  findings: Findings,
): Promise<ProvenFlow> {
  const { flow, traces, others, hints } = recorded;
  registerRecorded(ctx, flow);
  const isFound = findings.values.length > 0;
  const source = generateScript(flow, { app, answers: answerFacts(traces, flow), isFound });
  const request = { ...proofRequest(ctx, source, flow, traces), others, hints };
  return { source, proof: await proveFound(ctx, request, findings.values) };
}

/** @throws {Error} without a flow. */
export async function proveRecorded(
  ctx: Context,
  source: string,
  recorded: Provable & Pick<Recorded, "flow">,
): Promise<TriedScript> {
  const { flow, traces, others, hints } = recorded;
  if (flow === null) throw new Error("There is no flow to prove a script on");
  const debug: string[] = [];
  const request = {
    ...proofRequest(ctx, source, flow, traces),
    others,
    hints,
    onDebug: (line: string) => void debug.push(line),
  };
  return { ...await proveClaim(ctx, request), debug };
}

async function outcomeOf(
  home: Home,
  app: string,
  { written, recorded, analysis, best }: {
    written: Written;
    recorded: Recorded;
    analysis: AnalyzeAuthOutput;
    best: BestScript;
  },
): Promise<AnalyzeAuthOutput> {
  switch (written.kind) {
    case "no-auth":
      return { ...analysis, reasons: [...analysis.reasons, "model: the recording shows no login"] };
    case "gave-up": {
      const reasons = [...written.reasons, ...best.named()];
      return {
        ...analysis,
        reasons: [...analysis.reasons, ...reasons.map((reason) => `model: ${reason}`)],
      };
    }
    case "findings":
      return await keepFindings(home, app, written, recorded);
    case "script":
      return await keepScript(home, app, written, recorded);
  }
}

/** Writes the script made of what a model found out, and keeps that for the next analysis. */
async function keepFindings(
  home: Home,
  app: string,
  { source, proof, findings }: Extract<Written, { kind: "findings" }>,
  { traces, analyze }: Recorded,
): Promise<AnalyzeAuthOutput> {
  const analysis = analyze(findings);
  if (analysis.kind !== "flow") throw new Error("What was proven is open again");
  const { flow, values } = analysis;
  await writeFindings(home, app, findings);
  await writeAuthScript(home, app, source);
  await writeAuthRecord(home, app, recordOf(flow, values, proof, source, traces, "model"));
  return {
    result: "script",
    script: home.appFile(app, "auth_acquire.ts"),
    ...describe(flow, values, proof, []),
  };
}
