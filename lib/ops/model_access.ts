/** The model the user has set up, if any, and what may be spent on it. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { Chat } from "../llm/chat.ts";
import { type ModelSettings, modelSettings } from "../llm/model_settings.ts";
import { OpenAiChat } from "../llm/openai_chat.ts";
import { TokenBudget } from "../llm/token_budget.ts";
import { SecretProblem } from "../resolve/secret_problem.ts";
import { readTextSecret } from "../resolve/text_secret.ts";
import { loadConfig } from "../store/load_config.ts";
import type { BestScript } from "./best_script.ts";

/** `auto`: where correlation leaves something open and a model is set up. */
export type ModelMode = "auto" | "always" | "never";

export interface ModelAccess {
  readonly chat: Chat;
  readonly settings: ModelSettings;
  readonly budget: TokenBudget;
}

/** `null` where none is set up. Nothing is sent. @throws {AppError} `BAD_CONFIG`, `UNSUPPORTED`. */
export async function modelAccess(ctx: Context): Promise<ModelAccess | null> {
  const settings = await settingsOf(ctx);
  if (settings === null) return null;
  ctx.redactor.add(settings.apiKey);
  const budget = new TokenBudget(settings.maxTokens, settings.prices);
  return { settings, budget, chat: new OpenAiChat(ctx, settings, budget) };
}

/** @throws {AppError} `NOT_FOUND` where none is set up. */
export async function requireModel(ctx: Context): Promise<ModelAccess> {
  const access = await modelAccess(ctx);
  if (access !== null) return access;
  throw new AppError("NOT_FOUND", "No model is set up", {
    hint: "Set OPENAI_API_KEY, or OPENAI_BASE_URL for a local one; see keysmith config set model",
  });
}

/** Runs `work`, saying before whom is asked and afterwards what it took, on stderr. */
export async function withModel<T>(
  ctx: Context,
  { settings, budget }: ModelAccess,
  best: BestScript | null,
  work: () => Promise<T>,
): Promise<T> {
  const { origin } = new URL(settings.baseURL);
  ctx.term.err(`asking ${settings.model} at ${origin}; it sees placeholders instead of values`);
  try {
    return await work();
  } catch (error) {
    for (const line of best?.named() ?? []) ctx.term.err(`model: ${line}`);
    throw error;
  } finally {
    ctx.term.err(`model: ${budget.describe()}`);
  }
}

/** One line for each round: what is being tried, the tries left, what was spent so far. */
export function roundTeller(
  ctx: Context,
  { budget }: ModelAccess,
): (doing: string, triesLeft: number) => void {
  return (doing, triesLeft) => {
    const tries = `${triesLeft} ${triesLeft === 1 ? "try" : "tries"} left`;
    ctx.term.err(`round ${budget.requests}: ${doing}; ${tries}; ${budget.describe()}`);
  };
}

async function settingsOf(ctx: Context): Promise<ModelSettings | null> {
  const { model: config, policy, prices } = await loadConfig(ctx);
  const source = config?.apiKey ?? null;
  if (source === null) return modelSettings(ctx.env, { config, key: null, prices });
  if (source.type === "exec" && !policy.allowExecSecrets) {
    throw new AppError("BAD_CONFIG", "model.apiKey names a program, and programs are not allowed", {
      hint: "keysmith config set policy.allowExecSecrets true",
    });
  }
  try {
    const key = await readTextSecret(ctx, source);
    return modelSettings(ctx.env, { config, key, prices });
  } catch (error) {
    if (!(error instanceof SecretProblem)) throw error;
    throw new AppError("BAD_CONFIG", `model.apiKey: ${error.message}`, { cause: error });
  }
}
