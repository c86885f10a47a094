/** Which model is asked, where and how: the configuration, else the environment, else defaults. */
import type { ModelConfig, TokenPrices } from "../base/config.ts";
import { ANY_MODEL } from "../base/config_model.ts";
import type { Environment } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { isLoopbackHost, parseUrl } from "../http/url.ts";
import { trimEndOf } from "../base/trim.ts";

export interface ModelSettings {
  readonly model: string;
  /** Without a slash at its end. */
  readonly baseURL: string;
  /** `null` for endpoints that take none, as local ones do. */
  readonly apiKey: string | null;
  /** Spent at most on one command, prompts and answers together. */
  readonly maxTokens: number;
  /** For one answer, milliseconds. */
  readonly timeoutMs: number;
  readonly stream: boolean;
  /** `null` where none are configured for this model. */
  readonly prices: TokenPrices | null;
}

/** What the user has set, besides the environment. */
export interface ModelSources {
  readonly config: ModelConfig | null;
  /** The text behind `config.apiKey`, where there is one. */
  readonly key: string | null;
  readonly prices: ReadonlyMap<string, TokenPrices>;
}

/** Where a setting comes from: a variable of the environment, the configuration, or the default. */
export type SettingFrom = "KEYSMITH_MODEL" | "OPENAI_BASE_URL" | "OPENAI_API_KEY" | "file" | null;

const DEFAULT_BASE_URL = "https://api.openai.com/v1";
const DEFAULT_MODEL = "gpt-5-mini";
const DEFAULT_MAX_TOKENS = 200_000;
const DEFAULT_TIMEOUT_SEC = 180;

/**
 * `null` when no model can be asked: there is neither a key nor an endpoint besides the default one.
 *
 * @throws {AppError} `UNSUPPORTED` for a key that would travel without encryption.
 */
export function modelSettings(
  env: Environment,
  { config, key, prices }: ModelSources,
): ModelSettings | null {
  const from = settingOrigins(env, config);
  const apiKey = from.apiKey === "file" ? key : env.get("OPENAI_API_KEY") || null;
  if (apiKey === null && from.baseURL === null) return null;
  const model = modelName(env, config);
  const settings: ModelSettings = {
    model,
    baseURL: trimEndOf(endpointOf(env, config), "/"),
    apiKey,
    maxTokens: config?.maxTokens ?? DEFAULT_MAX_TOKENS,
    timeoutMs: (config?.timeoutSec ?? DEFAULT_TIMEOUT_SEC) * 1000,
    stream: config?.stream ?? true,
    prices: prices.get(model) ?? prices.get(ANY_MODEL) ?? null,
  };
  refusePlainKey(settings);
  return settings;
}

/** The model's name goes by the environment first, endpoint and key by the configuration. */
export function settingOrigins(
  env: Environment,
  config: ModelConfig | null,
): { readonly name: SettingFrom; readonly baseURL: SettingFrom; readonly apiKey: SettingFrom } {
  const variable = <T extends NonNullable<SettingFrom>>(name: T) => env.get(name) ? name : null;
  const file = (value: unknown) => value == null ? null : "file";
  return {
    name: variable("KEYSMITH_MODEL") ?? file(config?.name),
    baseURL: file(config?.baseURL) ?? variable("OPENAI_BASE_URL"),
    apiKey: file(config?.apiKey) ?? variable("OPENAI_API_KEY"),
  };
}

export function modelName(env: Environment, config: ModelConfig | null): string {
  return env.get("KEYSMITH_MODEL") || config?.name || DEFAULT_MODEL;
}

export function endpointOf(env: Environment, config: ModelConfig | null): string {
  return config?.baseURL ?? (env.get("OPENAI_BASE_URL") || DEFAULT_BASE_URL);
}

function refusePlainKey({ baseURL, apiKey }: ModelSettings): void {
  const url = parseUrl(baseURL);
  if (url === null) {
    throw new AppError("BAD_INPUT", `The model's endpoint "${baseURL}" is not a URL`, {
      hint: "Set OPENAI_BASE_URL or model.baseURL to something like http://127.0.0.1:11434/v1",
    });
  }
  if (apiKey === null || url.protocol === "https:" || isLoopbackHost(url.hostname)) return;
  throw new AppError(
    "UNSUPPORTED",
    `The key of the model would travel to "${url.origin}" in the clear`,
    {
      hint: "Use an https endpoint, or none but a local one without a key",
      details: { origin: url.origin },
    },
  );
}
