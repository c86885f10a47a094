/** The keys of a configuration file. Every key that is not listed here is an error with its place. */
import { dirname } from "node:path";
import { AppError } from "./error.ts";
import type {
  AppConfig,
  AttachedScheme,
  ConfigOrigin,
  ModelConfig,
  Policy,
  SecretConfig,
  ServiceConfig,
  TokenPrices,
} from "./config.ts";
import { readAnswerSource } from "./config_answers.ts";
import { readEnvironment } from "./config_environment.ts";
import { readModel, readPrices } from "./config_model.ts";
import { ConfigNode } from "./config_node.ts";
import { readToolSettings } from "./config_tools.ts";
import { readSecretSource } from "./config_secret.ts";
import { originOf, resolveLocation } from "./config_values.ts";
import { parseYaml } from "./yaml.ts";
import { yamlPositions } from "./yaml_positions.ts";

/** The sections of one file; absent ones are `null` or empty. */
export interface ConfigFile {
  readonly services: ReadonlyMap<string, ServiceConfig>;
  readonly secrets: ReadonlyMap<string, SecretConfig>;
  readonly apps: ReadonlyMap<string, AppConfig>;
  readonly policy: Policy | null;
  readonly store: "file" | "keychain" | null;
  readonly model: ModelConfig | null;
  readonly llm: LlmConfig | null;
  /** All that it says, comments and layout apart: equal for files that say the same. */
  readonly content: string;
}

/** What a file says of models beside which one is asked. */
export interface LlmConfig {
  readonly prices: ReadonlyMap<string, TokenPrices>;
}

/** Service names are also the first half of secret keys and of MCP tool names. */
const SERVICE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

/** An app, an environment of it behind `:`, an account behind `@`. */
const ACCOUNT_NAME =
  /^[a-z0-9]+(?:-[a-z0-9]+)*(?::[a-z0-9]+(?:[._-][a-z0-9]+)*)?(?:@[a-z0-9]+(?:[._-][a-z0-9]+)*)?$/;

/**
 * Reads the text of a configuration file, YAML or JSON. Relative paths in it are taken from its folder.
 *
 * @throws {AppError} `BAD_CONFIG` naming file, line and column.
 */
export function readConfigText(text: string, origin: ConfigOrigin): ConfigFile {
  const root = parseConfig(text, origin.file);
  if (root.value === null) {
    return { ...EMPTY_FILE, content: "null" };
  }
  const fields = root.fields(["services", "secrets", "apps", "policy", "store", "model", "llm"]);
  return {
    services: readEntries(fields.services, (name, node) => readService(name, node, origin)),
    secrets: readEntries(fields.secrets, (key, node) => readSecret(key, node, origin)),
    apps: readEntries(fields.apps, (name, node) => readApp(name, node, origin)),
    policy: fields.policy === undefined ? null : readPolicy(fields.policy),
    store: fields.store?.oneOf(["file", "keychain"]) ?? null,
    model: fields.model === undefined ? null : readModel(fields.model, origin),
    llm: fields.llm === undefined ? null : readLlm(fields.llm),
    content: JSON.stringify(root.value),
  };
}

const EMPTY_FILE: Omit<ConfigFile, "content"> = {
  services: new Map(),
  secrets: new Map(),
  apps: new Map(),
  policy: null,
  store: null,
  model: null,
  llm: null,
};

function parseConfig(text: string, file: string): ConfigNode {
  if (text.replace(/^[ \t]*#.*$/gm, "").trim() === "") return new ConfigNode(null, file, new Map());
  try {
    return new ConfigNode(parseYaml(text, file), file, yamlPositions(text));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError("BAD_CONFIG", error.message, { details: error.details, cause: error });
  }
}

function readEntries<T>(
  section: ConfigNode | undefined,
  read: (key: string, node: ConfigNode) => T,
): Map<string, T> {
  if (section === undefined || section.value === null) return new Map();
  return new Map(section.entries().map(([key, node]) => [key, read(key, node)]));
}

function readService(name: string, node: ConfigNode, origin: ConfigOrigin): ServiceConfig {
  if (!SERVICE_NAME.test(name)) {
    node.fail("is not a service name", `Use letters, digits, "-" and "_": "help-desk"`);
  }
  const folder = dirname(origin.file);
  const fields = node.fields(
    ["openapi", "server", "serverVariables", "attach", "origins", "refs", "tools"],
  );
  const openapi = fields.openapi ?? node.fail(`needs "openapi", the path or URL of a document`);
  return {
    name,
    openapi: resolveLocation(openapi.string(), folder),
    server: readServer(fields.server),
    serverVariables: Object.fromEntries(
      (fields.serverVariables?.entries() ?? []).map(([key, value]) => [key, value.string()]),
    ),
    attach: fields.attach?.items().map(readAttached) ?? [],
    origins: readOrigins(fields.origins),
    refs: fields.refs?.strings().map((ref) => resolveLocation(ref, folder)) ?? [],
    tools: readToolSettings(fields.tools),
    origin,
  };
}

function readServer(node: ConfigNode | undefined): string | null {
  if (node === undefined) return null;
  const text = node.string();
  if (originOf(text.replace(/\{[^{}]*\}/g, "x")) === null) {
    node.fail("must be an http or https URL");
  }
  if (/^https?:\/*[^/?#]*@/i.test(text)) {
    node.fail("has a user name before its host", `Use a secret of type "basic"`);
  }
  return text;
}

function readOrigins(node: ConfigNode | undefined): string[] | null {
  return node?.items().map((item) =>
    originOf(item.string()) ?? item.fail(`must be an origin such as "https://api.example.com"`)
  ) ?? null;
}

const PLAIN_ATTACH = { type: null, httpScheme: null, in: null, name: null } as const;

function readAttached(node: ConfigNode): AttachedScheme {
  if (typeof node.value === "string") return { scheme: node.string(), ...PLAIN_ATTACH };
  const fields = node.fields(["scheme", "type", "httpScheme", "in", "name"]);
  const attached: AttachedScheme = {
    scheme: (fields.scheme ?? node.fail(`needs "scheme"`)).string(),
    type: fields.type?.oneOf(["http", "apiKey", "mutualTLS"]) ?? null,
    httpScheme: fields.httpScheme?.oneOf(["bearer", "basic", "digest"]) ?? null,
    in: fields.in?.oneOf(["header", "query", "cookie"]) ?? null,
    name: fields.name?.string() ?? null,
  };
  if (attached.type === "apiKey" && (attached.in === null || attached.name === null)) {
    node.fail(`needs "in" and "name" for an apiKey`);
  }
  if (attached.type === "http" && attached.httpScheme === null) node.fail(`needs "httpScheme"`);
  return attached;
}

function readSecret(key: string, node: ConfigNode, origin: ConfigOrigin): SecretConfig {
  const origins = node.entries().find(([name]) => name === "origins")?.[1];
  return {
    key,
    source: readSecretSource(node, origin),
    origins: readOrigins(origins),
    origin,
  };
}

function readApp(name: string, node: ConfigNode, origin: ConfigOrigin): AppConfig {
  if (!ACCOUNT_NAME.test(name)) {
    const hint = `Such as "shop", "shop@bob" or "shop:staging"`;
    node.fail("is not the name of an app, an account or an environment", hint);
  }
  const { answers, environments, tools } = node.fields(["answers", "environments", "tools"]);
  if (environments !== undefined && /[@:]/.test(name)) {
    environments.fail("belongs to the app itself, not to an account or an environment");
  }
  return {
    name,
    answers: readEntries(answers, (_label, source) => readAnswerSource(source, origin)),
    environments: readEntries(environments, readEnvironment),
    tools: readToolSettings(tools),
    origin,
  };
}

function readPolicy(node: ConfigNode): Policy {
  const fields = node.fields(["allowExecSecrets"]);
  return { allowExecSecrets: fields.allowExecSecrets?.boolean() ?? false };
}

function readLlm(node: ConfigNode): LlmConfig {
  const { prices } = node.fields(["prices"]);
  return { prices: prices === undefined ? new Map() : readPrices(prices) };
}
