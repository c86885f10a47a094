/**
 * A login that, where the script itself is broken, offers to have it fixed and tries again. Wrong
 * credentials and a site that is down are no business of a model. Each further try at the site is one the
 * user has agreed to. What belongs to a model is loaded when a script has failed.
 */
import type { Context } from "../base/context.ts";
import { AppError, withHint } from "../base/error.ts";
import { accountName } from "../store/account.ts";
import { openHome } from "../store/home.ts";
import { readAuthRecord } from "../token/auth_file.ts";
import type { ShownPrompts } from "./analyze_with_model.ts";
import type { ScriptFailure } from "./fix_script.ts";
import { login, type LoginInput, type LoginOutput } from "./login.ts";
import type { ModelAccess, ModelMode } from "./model_access.ts";
import { RememberedAnswers } from "./remembered_answers.ts";

export interface LoginWithFixesInput extends LoginInput {
  readonly mode: ModelMode;
  /** Asks the user for one more try, after so many fixes; the answer is never assumed. */
  readonly agree: (question: string, fixes: number) => Promise<boolean>;
  /** Is told what a model would be sent for a broken script; none is asked then. */
  readonly showPrompts?: (prompts: ShownPrompts) => void;
}

/** However patient the user is: accounts get locked. */
const MAX_FIXES = 5;

/** @throws {AppError} as `login`; what went wrong with the model is told on stderr. */
export async function loginWithFixes(
  ctx: Context,
  input: LoginWithFixesInput,
): Promise<LoginOutput> {
  const record = await readAuthRecord(openHome(ctx), input.app);
  const answers = new RememberedAnswers(ctx.term, record?.inputs ?? []);
  const remembering = { ...ctx, term: answers };
  for (let fixes = 0;; fixes++) {
    try {
      return await login(remembering, input);
    } catch (error) {
      if (isBroken(error) && input.showPrompts !== undefined) {
        const { fixPromptsFor } = await import("./fix_script.ts");
        input.showPrompts(await fixPromptsFor(ctx, input.app, failureOf(ctx, error, answers)));
        throw error;
      }
      const access = await fixerOf(ctx, input, error, fixes);
      if (!isBroken(error) || access === null || !await agreed(input, error, fixes)) throw error;
      const failure = failureOf(ctx, error, answers);
      if (!await tryToFix(ctx, access, input.app, failure)) throw error;
      answers.keep();
    }
  }
}

/** The model to ask; `null` where the failure is none of the script's, or there is no model. */
async function fixerOf(
  ctx: Context,
  { app, mode }: LoginWithFixesInput,
  error: unknown,
  fixes: number,
): Promise<ModelAccess | null> {
  // A script is mended as it was recorded: what an environment does differently is its own.
  if (!isBroken(error) || accountName(app).environment !== null) return null;
  if (mode === "never" || fixes >= MAX_FIXES || ctx.signal.aborted) return null;
  const { modelAccess, requireModel } = await import("./model_access.ts");
  return mode === "always" ? await requireModel(ctx) : await modelAccess(ctx);
}

async function agreed(
  { agree }: LoginWithFixesInput,
  { message }: AppError,
  fixes: number,
): Promise<boolean> {
  const again = fixes === 0 ? "once more" : `once more (${fixes + 2} times in all)`;
  return await agree(`${message}. Have the model fix it, then log in ${again}?`, fixes);
}

/** The failure as a model is told it; what was typed is registered so that no output shows it. */
function failureOf(ctx: Context, error: AppError, answers: RememberedAnswers): ScriptFailure {
  const { debug } = error.details;
  for (const { value } of answers.given) ctx.redactor.add(value);
  return {
    message: error.message,
    debug: Array.isArray(debug) ? debug.map(String) : [],
    answers: answers.given.map(({ kind, value }) => ({ kind, value })),
  };
}

/** False when no better script came of it; why is told. */
async function tryToFix(
  ctx: Context,
  access: ModelAccess,
  app: string,
  failure: ScriptFailure,
): Promise<boolean> {
  const { fixScript } = await import("./fix_script.ts");
  try {
    const { script, reasons } = await fixScript(ctx, access, app, failure);
    if (script === null) { for (const reason of reasons) ctx.term.err(`model: ${reason}`); }
    return script !== null;
  } catch (problem) {
    if (!(problem instanceof AppError) || problem.code === "INTERRUPTED") throw problem;
    ctx.term.err(`model: ${withHint(problem)}`);
    return false;
  }
}

function isBroken(error: unknown): error is AppError {
  return error instanceof AppError && error.code === "SCRIPT_FAILED";
}
