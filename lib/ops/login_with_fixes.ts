/**
 * A login that, where the script may be to blame, has it repaired by a model and tries again, until it works or
 * the user says no. A model costs tokens and a try at the site may cost the account: each is asked for by
 * itself. What belongs to a model is loaded when a script has failed.
 */
import type { Context } from "../base/context.ts";
import { AppError, withHint } from "../base/error.ts";
import { liveTraces } from "../replay/repair/live_traces.ts";
import { accountName } from "../store/account.ts";
import { openHome } from "../store/home.ts";
import { readAuthRecord } from "../token/auth_file.ts";
import type { FailedRun } from "../token/run_script.ts";
import type { ShownPrompts } from "./analyze_with_model.ts";
import type { ScriptFailure } from "./fix_script.ts";
import { login, type LoginInput, type LoginOutput } from "./login.ts";
import type { ModelAccess, ModelMode } from "./model_access.ts";
import { RememberedAnswers } from "./remembered_answers.ts";

/** What the user is asked for. */
export interface RepairQuestion {
  /** `model`: to have a model look for a repair. `site`: to try a repaired script at the site. */
  readonly about: "model" | "site";
  readonly text: string;
  /** Attempts at the site so far. */
  readonly attempts: number;
  /** True where the failure looks like the site's or the user's, not the script's. */
  readonly isForced: boolean;
}

export interface LoginWithFixesInput extends LoginInput {
  /** `always`: whatever the failure looks like. */
  readonly mode: ModelMode;
  /** The user's word; it is never assumed. */
  readonly agree: (question: RepairQuestion) => Promise<boolean>;
  /** Is told what a model would be sent for a broken script; none is asked then. */
  readonly showPrompts?: (prompts: ShownPrompts) => void;
}

/** A failed login and what is known of it. */
interface Failed {
  readonly error: AppError;
  readonly run: FailedRun;
  readonly attempts: number;
}

/** @throws {AppError} as `login`; what went wrong with the model is told on stderr. */
export async function loginWithFixes(
  ctx: Context,
  input: LoginWithFixesInput,
): Promise<LoginOutput> {
  const record = await readAuthRecord(openHome(ctx), input.app);
  const answers = new RememberedAnswers(ctx.term, record?.inputs ?? []);
  const remembering = { ...ctx, term: answers };
  for (let attempts = 1;; attempts++) {
    let run: FailedRun | undefined;
    try {
      return await login(remembering, { ...input, onFailedRun: (failed) => run = failed });
    } catch (error) {
      if (run === undefined || !(error instanceof AppError)) throw error;
      if (!await repaired(ctx, input, { error, run, attempts }, answers)) throw error;
      answers.keep();
    }
  }
}

/** True once there is a better script and the user wants it tried. */
async function repaired(
  ctx: Context,
  input: LoginWithFixesInput,
  failed: Failed,
  answers: RememberedAnswers,
): Promise<boolean> {
  const { app, mode, showPrompts } = input;
  // A script is mended as it was recorded: what an environment does differently is its own.
  if (accountName(app).environment !== null || failed.error.details["isMended"] === true) {
    return false;
  }
  const isForced = !mayBeTheScript(failed.error);
  if (isForced && (mode !== "always" || !mayBeForced(failed.error))) return false;
  const failure = failureOf(ctx, failed, answers);
  if (showPrompts !== undefined) {
    const { fixPromptsFor } = await import("./fix_script.ts");
    showPrompts(await fixPromptsFor(ctx, input.app, failure));
    return false;
  }
  const access = ctx.signal.aborted ? null : await accessOf(ctx, mode);
  if (access === null) return false;
  const question = { attempts: failed.attempts, isForced };
  for (let looks = 0;; looks++) {
    if (!await mayLook(input, access, failed.error, { ...question, looks })) return false;
    const isFirst = failed.attempts === 1;
    const fixed = await tryToFix(ctx, access, input.app, { failure, isFirst });
    if (fixed === "repaired") break;
    if (fixed === "hopeless") return false;
  }
  return await input.agree({ ...question, about: "site", text: siteQuestion(failed.attempts) });
}

/** Where `--llm` asks for a repair, the first look needs no further word. */
async function mayLook(
  { mode, agree }: LoginWithFixesInput,
  { settings, budget }: ModelAccess,
  { message }: AppError,
  { attempts, isForced, looks }: {
    readonly attempts: number;
    readonly isForced: boolean;
    readonly looks: number;
  },
): Promise<boolean> {
  if (mode === "always" && looks === 0) return true;
  const what = looks === 0
    ? `${message}. Have ${settings.model} look for a repair?`
    : `It found no repair (${budget.describe()}). Have it look again?`;
  const text = `${what} Nothing is tried at the site before you agree`;
  return await agree({ about: "model", text, attempts, isForced });
}

function siteQuestion(attempts: number): string {
  const made = attempts === 1 ? "one attempt was" : `${attempts} attempts were`;
  return `There is a repaired script. Log in with it? So far ${made} made; the site may count this one, too, ` +
    "and lock the account after several that fail";
}

async function accessOf(ctx: Context, mode: ModelMode): Promise<ModelAccess | null> {
  if (mode === "never") return null;
  const { modelAccess, requireModel } = await import("./model_access.ts");
  return mode === "always" ? await requireModel(ctx) : await modelAccess(ctx);
}

/** What goes by what the site and the script said. */
function mayBeTheScript({ code, details }: AppError): boolean {
  return code === "SCRIPT_FAILED" || code === "SCRIPT_LIMIT" ||
    code === "AUTH_REFUSED" && (details["reason"] === "probe" || details["mayBeScript"] === true);
}

/** A site that is not there or asked too often, or a locked account, leaves a script nothing to do better. */
function mayBeForced({ code, details }: AppError): boolean {
  const isSettled = details["reason"] === "locked" || details["reason"] === "limited";
  return code === "UPSTREAM_FAILED" || code === "AUTH_REFUSED" && !isSettled;
}

/** The failure as a model is told it; what was typed is registered so that no output shows it. */
function failureOf(
  ctx: Context,
  { error, run: { outcome } }: Failed,
  answers: RememberedAnswers,
): ScriptFailure {
  for (const { value } of answers.given) ctx.redactor.add(value);
  return {
    message: messageFor(error, outcome),
    debug: outcome.debug,
    answers: answers.given,
    live: liveTraces(outcome, ctx.clock.nowMs()),
  };
}

/** As the proof says it, so that the script's own words are told apart. */
function messageFor({ message }: AppError, outcome: FailedRun["outcome"]): string {
  if (outcome.kind !== "failed") return message;
  const { name, message: thrown, line } = outcome.error;
  return `script${line === null ? "" : ` line ${line}`} failed: ${name}: ${thrown}`;
}

/** Where no better script came of it, why is told. `hopeless`: another look would end the same. */
async function tryToFix(
  ctx: Context,
  access: ModelAccess,
  app: string,
  { failure, isFirst }: { readonly failure: ScriptFailure; readonly isFirst: boolean },
): Promise<"repaired" | "none" | "hopeless"> {
  const { fixScript } = await import("./fix_script.ts");
  try {
    const fixed = await fixScript(ctx, access, app, failure, isFirst);
    if (fixed.script !== null) return "repaired";
    for (const reason of fixed.reasons) ctx.term.err(`model: ${reason}`);
    return fixed.mayAskAgain ? "none" : "hopeless";
  } catch (problem) {
    if (!(problem instanceof AppError) || problem.code === "INTERRUPTED") throw problem;
    ctx.term.err(`model: ${withHint(problem)}`);
    return "hopeless";
  }
}
