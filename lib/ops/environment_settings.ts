/** Which variables of the environment change what Keysmith does, and whether each is in force. */
import type { Context } from "../base/context.ts";
import { allowsPlainHttp } from "../base/plain_http.ts";
import { MASK } from "../base/redact.ts";
import { maskUrl } from "../http/mask_url.ts";
import type { SettingFrom } from "../llm/model_settings.ts";

export interface EnvironmentSetting {
  readonly variable: string;
  /** What it sets: the name of a setting where a configuration file has it too, else in words. */
  readonly sets: string;
  /** Keys are masked. */
  readonly value: string;
  /** `null` where it is in force, else what is in force instead. */
  readonly overriddenBy: string | null;
}

type ModelOrigins = Readonly<Record<"name" | "baseURL" | "apiKey", SettingFrom>>;

interface Variable {
  readonly name: string;
  readonly sets: string;
  readonly show?: (value: string) => string;
  readonly overriddenBy?: (ctx: Context, from: ModelOrigins) => string | null;
}

const file = (origin: SettingFrom) => origin === "file" ? "the configuration" : null;

const VARIABLES: readonly Variable[] = [
  {
    name: "KEYSMITH_HOME",
    sets: "where apps and tokens are kept",
    overriddenBy: ({ homeOption }) => homeOption === undefined ? null : "--home",
  },
  { name: "KEYSMITH_MODEL", sets: "model.name" },
  {
    name: "OPENAI_BASE_URL",
    sets: "model.baseURL",
    show: maskUrl,
    overriddenBy: (_, { baseURL }) => file(baseURL),
  },
  {
    name: "OPENAI_API_KEY",
    sets: "model.apiKey",
    show: () => MASK,
    overriddenBy: (_, { apiKey }) => file(apiKey),
  },
  {
    name: "KEYSMITH_ALLOW_HTTP",
    sets: "credentials may go over plain http to other machines",
    overriddenBy: (ctx) => allowsPlainHttp(ctx) ? null : "1 alone",
  },
  { name: "KEYSMITH_DEBUG", sets: "errors show where they came from" },
  {
    name: "XDG_DATA_HOME",
    sets: "where apps and tokens are kept",
    overriddenBy: ({ homeOption, env }) =>
      homeOption !== undefined ? "--home" : env.get("KEYSMITH_HOME") ? "KEYSMITH_HOME" : null,
  },
  { name: "XDG_CONFIG_HOME", sets: "where your own configuration is" },
  { name: "NO_COLOR", sets: "no colours" },
  { name: "CI", sets: "no colours, no questions" },
];

export function environmentSettings(ctx: Context, from: ModelOrigins): EnvironmentSetting[] {
  return VARIABLES.flatMap(({ name, sets, show = (value) => value, overriddenBy }) => {
    const value = ctx.env.get(name);
    if (!value) return [];
    return [{
      variable: name,
      sets,
      value: show(value),
      overriddenBy: overriddenBy?.(ctx, from) ?? null,
    }];
  });
}
