/** What the configuration says of the tools of an app or a service. */
import type { Config, ToolSettings } from "../base/config.ts";
import { NO_TOOL_SETTINGS } from "../base/config_tools.ts";
import type { Context } from "../base/context.ts";
import { appOf } from "../store/account.ts";
import { loadConfig } from "../store/load_config.ts";

/** @throws {AppError} `BAD_CONFIG` naming file, line and column. */
export async function configuration(ctx: Context): Promise<Config> {
  return await loadConfig(ctx);
}

/** Of an account or an environment, its own settings, else those of its app. */
export function toolSettings({ services, apps }: Config, owner: string): ToolSettings {
  const own = services.get(owner) ?? apps.get(owner) ??
    (/[@:]/.test(owner) ? apps.get(appOf(owner)) : undefined);
  return own?.tools ?? NO_TOOL_SETTINGS;
}
