/** Whether the configuration has a program of the user's choice started: for a secret, an answer or the model's key. */
import { textSourcesIn } from "../base/config_sources.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { loadConfig } from "../store/load_config.ts";

/** What the folder says and nobody approved counts where the user may be asked for that within the command. */
export async function namesPrograms(ctx: Context): Promise<boolean> {
  try {
    const config = await loadConfig(ctx);
    const isNamed = textSourcesIn(config).some(({ type }) => type === "exec");
    if (isNamed || config.policy.allowExecSecrets) return true;
    return ctx.term.interactive && (config.unapproved?.hasPrograms ?? false);
  } catch (error) {
    if (error instanceof AppError) return false; // the command says what is wrong with the configuration
    throw error;
  }
}
