/**
 * Has a model rewrite a login script that broke at the real site. The model sees the script, the error and
 * the `debug()` output with placeholders for values; what it writes must pass on the recording. The script
 * that broke is kept beside the new one.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import fixScriptPrompt from "../llm/prompts/fix_script.md" with { type: "text" };
import { recordedLogin } from "../llm/recorded_login.ts";
import type { Typed } from "../llm/recorded_facts.ts";
import { redactProse } from "../llm/redact_prose.ts";
import { SCRIPT_TOOLS } from "../llm/script_tools.ts";
import { openingMessages, type ScriptTask, writeScript } from "../llm/write_script.ts";
import { prepareScript } from "../script/prepare.ts";
import { writeFileAtomic } from "../store/atomic.ts";
import { openHome } from "../store/home.ts";
import { requireAuthScript } from "../token/script_file.ts";
import { registerRecorded } from "./analyze_auth.ts";
import { BestScript } from "./best_script.ts";
import { analysisOf } from "./recorded_analysis.ts";
import { keepScript, proveRecorded, type ShownPrompts } from "./analyze_with_model.ts";
import { type ModelAccess, roundTeller, withModel } from "./model_access.ts";

export interface ScriptFailure {
  /** Of the script's error. */
  readonly message: string;
  /** What the script printed with `debug()`. */
  readonly debug: readonly string[];
  /** What the user answered to the prompts. */
  readonly answers: readonly Typed[];
}

export interface FixedScript {
  /** Path of the new script; `null` when there is none. */
  readonly script: string | null;
  readonly reasons: readonly string[];
}

const BROKEN_FILE = "auth_acquire.broken.ts";
/** The last lines say most. */
const MAX_DEBUG_LINES = 100;

/** @throws {AppError} `PROOF_FAILED` where there is no recorded login; what the model's endpoint throws. */
export async function fixScript(
  ctx: Context,
  access: ModelAccess,
  app: string,
  failure: ScriptFailure,
): Promise<FixedScript> {
  const { home, broken, task, recorded } = await fixTask(ctx, app, failure);
  const best = new BestScript(home, app);
  const onRound = roundTeller(ctx, access);
  const onBest = (source: string) => best.keep(source);
  const written = await withModel(
    ctx,
    access,
    best,
    () => writeScript(access.chat, { ...task, onRound, onBest }),
  );
  if (written.kind === "gave-up") {
    return { script: null, reasons: [...written.reasons, ...best.named()] };
  }
  if (written.kind !== "script") return { script: null, reasons: [] };
  if (isUnchanged(written.source, broken.source)) {
    return { script: null, reasons: ["its script does what the broken one does"] };
  }
  await writeFileAtomic(home.appFile(app, BROKEN_FILE), broken.source);
  const { script, reasons } = await keepScript(home, app, written, recorded);
  return { script, reasons };
}

/** What `fixScript` would send first. Nothing is sent. @throws {AppError} as `fixScript`. */
export async function fixPromptsFor(
  ctx: Context,
  app: string,
  failure: ScriptFailure,
): Promise<ShownPrompts> {
  const { task } = await fixTask(ctx, app, failure);
  return { messages: openingMessages(task), tools: SCRIPT_TOOLS };
}

/** White space and comments repair nothing. */
function isUnchanged(one: string, other: string): boolean {
  const code = (source: string) =>
    prepareScript(source, "auth_acquire.ts").javascript.replace(/\s+/g, "");
  return code(one) === code(other);
}

async function fixTask(ctx: Context, app: string, failure: ScriptFailure) {
  const home = openHome(ctx);
  const broken = await requireAuthScript(home, app);
  const { analysis, traces, analyze } = analysisOf(home, app);
  if (analysis.kind !== "flow" && analysis.kind !== "draft") throw noRecording(app);
  const { flow, values } = analysis;
  registerRecorded(ctx, flow);
  const recorded = { flow, values, traces, hints: [], analyze };
  const { view, draft } = recordedLogin(app, traces, flow, {
    typed: failure.answers,
    script: broken.source,
  });
  const task: ScriptTask = {
    view,
    draft,
    flow,
    values: [],
    reasons: [],
    trusted: [],
    order: orderOf(failure, (text) => redactProse(text, view.redaction, draft)),
    onRound: () => {},
    onBest: () => Promise.resolve(),
    prove: (source) => proveRecorded(ctx, source, recorded),
    findings: null,
    proveFlow: () => Promise.reject(new Error("A repair takes no findings")),
  };
  return { home, broken, task, recorded };
}

function orderOf({ message, debug }: ScriptFailure, redact: (text: string) => string): string {
  const lines = debug.slice(-MAX_DEBUG_LINES).map(redact);
  return [
    `# What to do\n\n${fixScriptPrompt.trim()}`,
    `# The error\n\n${redact(message)}`,
    ...(lines.length === 0 ? [] : [`# What debug() printed\n\n${lines.join("\n")}`]),
  ].join("\n\n");
}

function noRecording(app: string): AppError {
  return new AppError(
    "PROOF_FAILED",
    `There is no recorded login of "${app}" to hold a new script to`,
    {
      hint: `Record a login and import it: keysmith capture import ${app} FILE`,
    },
  );
}
