/**
 * Has a model rewrite a login script that broke at the real site. The model sees the script, the error, the
 * `debug()` output and the exchanges of the failed run with placeholders for values; what it writes is held to
 * the recording where the site is as it was, and to those exchanges where it changed.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { Trace } from "../http/exchange.ts";
import type { Typed } from "../llm/recorded_facts.ts";
import fixScriptPrompt from "../llm/prompts/fix_script.md" with { type: "text" };
import { recordedLogin } from "../llm/recorded_login.ts";
import { debugWithheld, ownWordsWithheld } from "../llm/own_words.ts";
import { redactProblem, redactSentence } from "../llm/redact_prose.ts";
import type { Redaction } from "../llm/redaction.ts";
import { SCRIPT_TOOLS } from "../llm/script_tools.ts";
import { openingMessages } from "../llm/opening_messages.ts";
import type { ScriptTask } from "../llm/script_task.ts";
import { writeScript } from "../llm/write_script.ts";
import { type SiteChange, siteChanges } from "../replay/repair/site_changes.ts";
import { prepareScript } from "../script/prepare.ts";
import { writeFileAtomic } from "../store/atomic.ts";
import { openHome } from "../store/home.ts";
import { requireAuthScript } from "../token/script_file.ts";
import { registerRecorded } from "./analyze_auth.ts";
import type { ShownPrompts } from "./analyze_with_model.ts";
import { keepScript } from "./keep_model_script.ts";
import { BestScript } from "./best_script.ts";
import { judgeRepair } from "./judge_repair.ts";
import { type ModelAccess, roundTeller, withModel } from "./model_access.ts";
import { analysisOf } from "./recorded_analysis.ts";

export interface ScriptFailure {
  /** Of the script's error. */
  readonly message: string;
  /** What the script printed with `debug()`. */
  readonly debug: readonly string[];
  /** What the user answered to the prompts. */
  readonly answers: readonly (Typed & { readonly label: string })[];
  /** What was sent and answered. */
  readonly live: readonly Trace[];
}

export interface FixedScript {
  /** Path of the new script; `null` when there is none. */
  readonly script: string | null;
  readonly reasons: readonly string[];
  /** False where asking the model again would be no use. */
  readonly mayAskAgain: boolean;
}

const BROKEN_FILE = "auth_acquire.broken.ts";

/**
 * @param keepsBroken the script that is replaced is kept beside the new one
 * @throws {AppError} `PROOF_FAILED` where there is no recorded login; `INTERRUPTED`
 */
export async function fixScript(
  ctx: Context,
  access: ModelAccess,
  app: string,
  failure: ScriptFailure,
  keepsBroken: boolean,
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
    const reasons = [...written.reasons, ...best.named()];
    return { script: null, reasons, mayAskAgain: !written.isEndpoint };
  }
  if (written.kind !== "script") return { script: null, reasons: [], mayAskAgain: true };
  if (keepsBroken) await writeFileAtomic(home.appFile(app, BROKEN_FILE), broken.source);
  const { script, reasons } = await keepScript(home, app, written, recorded);
  return { script, reasons, mayAskAgain: true };
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
  const { analysis, traces, others, analyze } = analysisOf(home, app);
  if (analysis.kind !== "flow" && analysis.kind !== "draft") throw noRecording(app);
  const { flow, values } = analysis;
  registerRecorded(ctx, flow);
  const { live } = failure;
  const changes = siteChanges(flow, traces, live);
  const recorded = { flow, values, traces, others, hints: [], analyze };
  const answers = new Map(failure.answers.map(({ label, value }) => [label, value]));
  const { view, draft } = recordedLogin(app, [...traces, ...live], flow, {
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
    order: orderOf(failure, changes, view.redaction, draft),
    onRound: () => {},
    onBest: () => Promise.resolve(),
    isRefused: (source) =>
      isUnchanged(source, broken.source)
        ? "does what the broken script does: it is not a repair"
        : null,
    prove: (source) => judgeRepair(ctx, source, { ...recorded, live, changes, answers }),
    findings: null,
    proveFlow: () => Promise.reject(new Error("A repair takes no findings")),
  };
  return { home, broken, task, recorded };
}

function orderOf(
  { message, debug, live }: ScriptFailure,
  changes: readonly SiteChange[],
  redaction: Redaction,
  draft: string,
): string {
  const lines = debugWithheld(debug, draft, (value) => redaction.knownAs(value));
  const first = live[0]?.id;
  return [
    `# What to do\n\n${fixScriptPrompt.trim()}`,
    `# The error\n\n${redactProblem(ownWordsWithheld(message, draft), redaction, draft)}`,
    ...lines.length === 0 ? [] : [`# What debug() printed\n\n${lines.join("\n")}`],
    ...first === undefined ? [] : [
      `# The site now\n\nThe failed run is ${first} to ${
        live.at(-1)!.id
      } of the recording below.\n\n${
        changes.map(({ live, trace, what }) =>
          `- ${live}, recorded as ${trace}: ${redactSentence(what, redaction)}`
        ).join("\n") || "No answer is of another form than the recorded one."
      }`,
    ],
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
