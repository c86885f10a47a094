/** The names of the configured services, those of a folder that waits for approval too. Reads no document. */
import type { Context } from "../base/context.ts";
import { loadConfig } from "../store/load_config.ts";

/** Sorted. @throws {AppError} `BAD_CONFIG` naming file, line and column. */
export async function serviceNames(ctx: Context): Promise<string[]> {
  const { services, unapproved } = await loadConfig(ctx);
  return [...new Set([...services.keys(), ...unapproved?.services ?? []])].sort();
}
