/** The answers of an app in a configuration file: the sources of secrets, and what answers prompts alone. */
import type { AnswerSource, ConfigOrigin, TotpSource } from "./config.ts";
import type { ConfigNode } from "./config_node.ts";
import {
  required,
  TEXT_KEYS,
  TEXT_TYPES,
  textOrLiteral,
  textSource,
  typeOf,
} from "./config_secret.ts";

const ANSWER_TYPES = [...TEXT_TYPES, "totp", "confirm"] as const;
const MAX_WAIT_SEC = 3_600;

/** One entry of `answers`. A text alone is the answer itself. */
export function readAnswerSource(node: ConfigNode, origin: ConfigOrigin): AnswerSource {
  if (typeof node.value === "string") return { ...textOrLiteral(node, origin), waitSec: 0 };
  const type = typeOf(node, ANSWER_TYPES).oneOf(ANSWER_TYPES);
  if (type === "confirm") {
    const { wait } = node.fields(["type", "wait"]);
    return { type, waitSec: required(node, wait, "wait").integer(0, MAX_WAIT_SEC) };
  }
  if (type === "totp") return readTotpSource(node, origin);
  const { wait, ...fields } = node.fields([...TEXT_KEYS, "wait"]);
  if (wait !== undefined && type !== "exec" && type !== "file") {
    wait.fail(`belongs to the types "exec", "file" and "confirm"`);
  }
  const waitSec = wait?.integer(0, MAX_WAIT_SEC) ?? 0;
  return { ...textSource(node, type, fields, origin, true), waitSec };
}

/** `SHA1`, `sha-256`, `HmacSHA512`: issuers write it in every way. */
export function totpAlgorithm(name: string): TotpSource["algorithm"] {
  const digits = /^(?:hmac-?)?sha-?(1|256|512)$/i.exec(name)?.[1];
  return digits === undefined ? null : `SHA-${digits}` as TotpSource["algorithm"];
}

function readTotpSource(node: ConfigNode, origin: ConfigOrigin): TotpSource {
  const fields = node.fields(["type", "secret", "algorithm", "digits", "period"]);
  return {
    type: "totp",
    secret: textOrLiteral(required(node, fields.secret, "secret"), origin),
    algorithm: fields.algorithm === undefined ? null : readAlgorithm(fields.algorithm),
    digits: fields.digits?.integer(6, 8) ?? null,
    periodSec: fields.period?.integer(1, 3600) ?? null,
  };
}

function readAlgorithm(node: ConfigNode): TotpSource["algorithm"] {
  const algorithm = totpAlgorithm(node.string());
  return algorithm ?? node.fail("must be one of: SHA1, SHA256, SHA512");
}
