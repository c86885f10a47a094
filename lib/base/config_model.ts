/** The sections of a configuration file about language models: `model`, and `prices` of `llm`. */
import type { ConfigOrigin, ModelConfig, TokenPrices } from "./config.ts";
import type { ConfigNode } from "./config_node.ts";
import { readTextSource } from "./config_secret.ts";
import { hasUser, isHttpUrl } from "./config_values.ts";
import { isRecord } from "./json.ts";

export const UNSET_MODEL: ModelConfig = {
  name: null,
  baseURL: null,
  apiKey: null,
  maxTokens: null,
  timeoutSec: null,
  stream: null,
};

/** Prices that hold for every model without its own. */
export const ANY_MODEL = "*";

/** Nobody charges more for a million tokens, whatever the currency. */
const MAX_PRICE = 1e9;

/** A name alone, or a mapping. */
export function readModel(node: ConfigNode, origin: ConfigOrigin): ModelConfig {
  if (typeof node.value === "string") return { ...UNSET_MODEL, name: node.string() };
  const fields = node.fields(["name", "baseURL", "apiKey", "maxTokens", "timeoutSec", "stream"]);
  const baseURL = fields.baseURL?.string() ?? null;
  if (baseURL !== null && !isHttpUrl(baseURL)) fields.baseURL!.fail("must be an http or https URL");
  if (baseURL !== null && hasUser(new URL(baseURL))) {
    fields.baseURL!.fail("has a user name before its host", `Use "apiKey"`);
  }
  return {
    name: fields.name?.string() ?? null,
    baseURL,
    apiKey: fields.apiKey === undefined ? null : readTextSource(fields.apiKey, origin),
    maxTokens: fields.maxTokens?.integer(1_000, 100_000_000) ?? null,
    timeoutSec: fields.timeoutSec?.integer(1, 3_600) ?? null,
    stream: fields.stream?.boolean() ?? null,
  };
}

/** `{ in, out, cached }` for every model, or such a mapping for each by its name. */
export function readPrices(node: ConfigNode): ReadonlyMap<string, TokenPrices> {
  const entries = node.entries();
  const isOfEach = entries.length > 0 && entries.every(([, { value }]) => isRecord(value));
  return new Map(
    isOfEach
      ? entries.map(([model, prices]) => [model, readTokenPrices(prices)])
      : [[ANY_MODEL, readTokenPrices(node)]],
  );
}

function readTokenPrices(node: ConfigNode): TokenPrices {
  const fields = node.fields(["in", "out", "cached"]);
  const needed = (name: "in" | "out") =>
    fields[name] ?? node.fail(`needs "${name}", the price of a million tokens`);
  return {
    in: needed("in").number(0, MAX_PRICE),
    out: needed("out").number(0, MAX_PRICE),
    cached: fields.cached?.number(0, MAX_PRICE) ?? null,
  };
}
