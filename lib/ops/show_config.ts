/** The configuration in force, and where each part of it stands. Secrets that are written out are masked. */
import type {
  AnswerSource,
  AppConfig,
  Config,
  EnvironmentHosts,
  ModelConfig,
  SecretConfig,
  SecretSource,
  ServiceConfig,
  TokenPrices,
} from "../base/config.ts";
import type { Context, Environment } from "../base/context.ts";
import { maskUrl } from "../http/mask_url.ts";
import { isRecord, type JsonValue } from "../base/json.ts";
import { MASK } from "../base/redact.ts";
import { endpointOf, modelName, settingOrigins } from "../llm/model_settings.ts";
import { loadConfig } from "../store/load_config.ts";
import { type EnvironmentSetting, environmentSettings } from "./environment_settings.ts";

export interface ShownConfig {
  readonly files: readonly string[];
  readonly warnings: readonly string[];
  readonly services: readonly (Omit<ServiceConfig, "origin"> & { readonly file: string })[];
  readonly secrets: readonly ShownSecret[];
  readonly answers: readonly ShownAnswer[];
  readonly appEnvironments: readonly ShownEnvironment[];
  readonly policy: { readonly allowExecSecrets: boolean };
  readonly store: "file" | "keychain";
  /** The name of the model that is asked; `null` where none is set up, neither here nor by the environment. */
  readonly model: string | null;
  /** What is in force of the model's settings, and where each was set. */
  readonly modelSettings: readonly ShownSetting[];
  /** What tokens cost; empty where none is set. By the model's name, or `*` for any. */
  readonly prices: Readonly<Record<string, TokenPrices>>;
  /** Variables of the environment that are set and change what Keysmith does. */
  readonly environment: readonly EnvironmentSetting[];
  /** The working folder's file, where it has no effect yet, and what it would do. */
  readonly unapproved: { readonly file: string; readonly says: readonly string[] } | null;
}

/** Where an app runs beside the recorded place. */
export interface ShownEnvironment {
  /** `shop:staging`. */
  readonly name: string;
  /** One origin, or the origins by the recorded ones. */
  readonly hosts: EnvironmentHosts;
  readonly file: string;
}

/** A setting that is in force. */
export interface ShownSetting {
  /** `model.name` */
  readonly setting: string;
  /** A key is masked, a source of one named by its type. */
  readonly value: JsonValue;
  /** The variable that sets it; `null`: a configuration file. */
  readonly variable: string | null;
}

/** Who answers a prompt of an app's login. */
export interface ShownAnswer {
  /** The app, or an account of it. */
  readonly app: string;
  /** Of the prompt. */
  readonly label: string;
  readonly type: AnswerSource["type"];
  /** As configured; literals masked. */
  readonly source: JsonValue;
  readonly file: string;
}

export interface ShownSecret {
  readonly key: string;
  readonly type: SecretSource["type"];
  /** The source as configured; literals masked. */
  readonly source: JsonValue;
  readonly origins: readonly string[] | null;
  readonly file: string;
}

/** @throws {AppError} `BAD_CONFIG` naming file, line and column. */
export async function showConfig(ctx: Context): Promise<ShownConfig> {
  const config = await loadConfig(ctx);
  const from = settingOrigins(ctx.env, config.model);
  return {
    files: config.files,
    warnings: config.warnings,
    services: [...config.services.values()].map(({ origin, ...rest }) => ({
      ...rest,
      file: origin.file,
    })),
    secrets: [...config.secrets.values()].map(shownSecret),
    answers: [...config.apps.values()].flatMap(shownAnswers),
    appEnvironments: [...config.apps.values()].flatMap(shownEnvironments),
    policy: config.policy,
    store: config.store ?? "file",
    model: Object.values(from).every((origin) => origin === null)
      ? null
      : modelName(ctx.env, config.model),
    modelSettings: shownModel(ctx.env, config.model),
    prices: Object.fromEntries(config.prices),
    environment: environmentSettings(ctx, from),
    unapproved: waiting(config),
  };
}

function shownModel(env: Environment, model: ModelConfig | null): ShownSetting[] {
  const from = settingOrigins(env, model);
  const shown: Readonly<Record<keyof typeof from, JsonValue>> = {
    name: modelName(env, model),
    baseURL: maskUrl(endpointOf(env, model)),
    apiKey: from.apiKey === "file" ? masked(model!.apiKey) : MASK,
  };
  const origins = Object.entries(from) as [keyof typeof from, string | null][];
  const own = (["maxTokens", "timeoutSec", "stream"] as const)
    .flatMap((name) => model?.[name] == null ? [] : [[name, model[name]] as const]);
  return [
    ...origins.filter(([, origin]) => origin !== null).map(([name, origin]) => ({
      setting: `model.${name}`,
      value: shown[name],
      variable: origin === "file" ? null : origin,
    })),
    ...own.map(([name, value]) => ({ setting: `model.${name}`, value, variable: null })),
  ];
}

function waiting({ unapproved }: Config): ShownConfig["unapproved"] {
  return unapproved === null ? null : { file: unapproved.file, says: unapproved.says };
}

function shownAnswers({ name, answers, origin }: AppConfig): ShownAnswer[] {
  return [...answers].map(([label, source]) => ({
    app: name,
    label,
    type: source.type,
    source: masked(source),
    file: origin.file,
  }));
}

function shownEnvironments({ name, environments, origin }: AppConfig): ShownEnvironment[] {
  return [...environments].map(([environment, hosts]) => ({
    name: `${name}:${environment}`,
    hosts,
    file: origin.file,
  }));
}

function shownSecret({ key, source, origins, origin }: SecretConfig): ShownSecret {
  return { key, type: source.type, source: masked(source), origins, file: origin.file };
}

function masked(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(masked);
  if (!isRecord(value)) return value as JsonValue;
  const isLiteral = value.type === "literal";
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      isLiteral && key === "value" ? MASK : masked(inner),
    ]),
  );
}
