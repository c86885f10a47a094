/** The configuration in force, and where each part of it stands. Secrets that are written out are masked. */
import type {
  AnswerSource,
  AppConfig,
  Config,
  SecretConfig,
  SecretSource,
  ServiceConfig,
} from "../base/config.ts";
import type { Context } from "../base/context.ts";
import { isRecord, type JsonValue } from "../base/json.ts";
import { MASK } from "../base/redact.ts";
import { loadConfig } from "../store/load_config.ts";

export interface ShownConfig {
  readonly files: readonly string[];
  readonly warnings: readonly string[];
  readonly services: readonly (Omit<ServiceConfig, "origin"> & { readonly file: string })[];
  readonly secrets: readonly ShownSecret[];
  readonly answers: readonly ShownAnswer[];
  readonly policy: { readonly allowExecSecrets: boolean };
  readonly store: "file" | "keychain";
  /** The name of the model, where one is set. */
  readonly model: string | null;
  /** The working folder's file, where it has no effect yet, and what it would do. */
  readonly unapproved: { readonly file: string; readonly says: readonly string[] } | null;
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
  return {
    files: config.files,
    warnings: config.warnings,
    services: [...config.services.values()].map(({ origin, ...rest }) => ({
      ...rest,
      file: origin.file,
    })),
    secrets: [...config.secrets.values()].map(shownSecret),
    answers: [...config.apps.values()].flatMap(shownAnswers),
    policy: config.policy,
    store: config.store ?? "file",
    model: config.model?.name ?? null,
    unapproved: waiting(config),
  };
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
