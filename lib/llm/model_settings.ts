/** Which model is asked, where and how: the configuration, else the environment, else defaults. */
import type { ModelConfig } from "../base/config.ts";
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
}

const DEFAULT_BASE_URL = "https://api.openai.com/v1";
const DEFAULT_MODEL = "gpt-5-mini";
const DEFAULT_MAX_TOKENS = 200_000;
const DEFAULT_TIMEOUT_SEC = 180;

/**
 * `configuredKey`: the text behind `config.apiKey`, where there is one. `null` when no model can be asked:
 * there is neither a key nor an endpoint besides the default one.
 *
 * @throws {AppError} `UNSUPPORTED` for a key that would travel without encryption.
 */
export function modelSettings(
  env: Environment,
  config: ModelConfig | null,
  configuredKey: string | null,
): ModelSettings | null {
  const baseURL = config?.baseURL ?? (env.get("OPENAI_BASE_URL") || null);
  const apiKey = configuredKey ?? (env.get("OPENAI_API_KEY") || null);
  if (apiKey === null && baseURL === null) return null;
  const settings: ModelSettings = {
    model: env.get("KEYSMITH_MODEL") || config?.name || DEFAULT_MODEL,
    baseURL: trimEndOf(baseURL ?? DEFAULT_BASE_URL, "/"),
    apiKey,
    maxTokens: config?.maxTokens ?? DEFAULT_MAX_TOKENS,
    timeoutMs: (config?.timeoutSec ?? DEFAULT_TIMEOUT_SEC) * 1000,
    stream: config?.stream ?? true,
  };
  refusePlainKey(settings);
  return settings;
}

function refusePlainKey({ baseURL, apiKey }: ModelSettings): void {
  const url = parseUrl(baseURL);
  if (url === null) {
    throw new AppError("BAD_INPUT", `The model's endpoint "${baseURL}" is no URL`, {
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
