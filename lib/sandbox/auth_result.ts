/**
 * The result of a script, read as the untrusted JSON it is. Nothing is repaired: a result that is not
 * exactly an `AuthResult` is an error that names the field. `null` stands for an absent optional field.
 */
import { isNestedDeeper, isRecord, type JsonValue, parseJson } from "../base/json.ts";
import type { ComputedCredential } from "../http/computed_credential.ts";
import { readProofKey } from "../http/key_proof.ts";
import type { AuthResult } from "../script/contract.ts";

/** The message names the field and never quotes a value. */
export class InvalidAuthResult extends Error {
  override readonly name = "InvalidAuthResult";
}

const FIELDS = [
  "headers",
  "body_params",
  "query_params",
  "computed",
  "refresh_token",
  "expires_in",
];

const PROTOTYPE_KEYS = ["__proto__", "constructor", "prototype"];

/** No token endpoint's answer is nested half as deeply. */
const MAX_DEPTH = 64;

/** RFC 9110 section 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** RFC 9110 section 5.5: visible characters, spaces and tabs inside, obs-text. */
const HEADER_VALUE = /^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/;

/** Fields that frame a message or choose its server; none of them is a credential. */
const FORBIDDEN_HEADERS =
  /^(?:connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*)$/i;

/** @throws {InvalidAuthResult} */
export function readAuthResult(json: string): AuthResult {
  if (isNestedDeeper(json, MAX_DEPTH)) {
    throw new InvalidAuthResult("The result is nested too deeply");
  }
  const value = parseJson(json);
  if (!isRecord(value)) throw new InvalidAuthResult("The result is not an object with `headers`");
  refuseHostileParts(value, "");
  for (const name of Object.keys(value)) {
    if (!FIELDS.includes(name)) {
      throw new InvalidAuthResult(`The result has an unknown field "${name}"`);
    }
  }
  return {
    headers: readHeaders(value.headers),
    ...optional("body_params", value.body_params, readBodyParams),
    ...optional("query_params", value.query_params, readQueryParams),
    ...optional("computed", value.computed, readComputed),
    ...optional("refresh_token", value.refresh_token, readRefreshToken),
    ...optional("expires_in", value.expires_in, readExpiresIn),
  };
}

function optional<Name extends string, T>(
  name: Name,
  value: unknown,
  read: (value: unknown) => T,
): { [name in Name]?: T } {
  if (value === undefined || value === null) return {};
  return { [name]: read(value) } as { [name in Name]?: T };
}

function readHeaders(value: unknown): Record<string, string> {
  if (!isRecord(value)) throw new InvalidAuthResult("`headers` is not an object");
  for (const [name, content] of Object.entries(value)) {
    if (!HEADER_NAME.test(name)) throw new InvalidAuthResult(`"${name}" is not a header name`);
    if (FORBIDDEN_HEADERS.test(name)) {
      throw new InvalidAuthResult(`The header "${name}" cannot be set`);
    }
    if (typeof content !== "string" || !HEADER_VALUE.test(content)) {
      throw new InvalidAuthResult(`The value of the header "${name}" cannot stand in a header`);
    }
  }
  return value as Record<string, string>;
}

function readQueryParams(value: unknown): Record<string, string> {
  if (!isRecord(value)) throw new InvalidAuthResult("`query_params` is not an object");
  for (const [name, content] of Object.entries(value)) {
    if (typeof content !== "string") {
      throw new InvalidAuthResult(`\`query_params\` "${name}" is not a string`);
    }
  }
  return value as Record<string, string>;
}

function readBodyParams(value: unknown): Record<string, JsonValue> {
  if (!isRecord(value)) throw new InvalidAuthResult("`body_params` is not an object");
  return value as Record<string, JsonValue>;
}

function readComputed(value: unknown): ComputedCredential[] {
  if (!Array.isArray(value)) throw new InvalidAuthResult("`computed` is not an array");
  return value.map((entry: unknown): ComputedCredential => {
    if (isRecord(entry) && entry.kind === "dpop") {
      const key = readProofKey(entry.key);
      if (key !== null) return { kind: "dpop", key };
      throw new InvalidAuthResult("`computed` holds a key that is not a private key as JWK");
    }
    if (
      !isRecord(entry) || entry.kind !== "http_digest" || typeof entry.username !== "string" ||
      typeof entry.password !== "string"
    ) {
      throw new InvalidAuthResult("`computed` holds something that is not a known computation");
    }
    return { kind: "http_digest", username: entry.username, password: entry.password };
  });
}

function readRefreshToken(value: unknown): string {
  if (typeof value !== "string" || value === "") {
    throw new InvalidAuthResult("`refresh_token` is not a non-empty string");
  }
  return value;
}

function readExpiresIn(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
    throw new InvalidAuthResult("`expires_in` is not a number of seconds");
  }
  return value;
}

/**
 * What later code could stumble over: keys that pass for an object's prototype, as dotted paths too, and
 * half characters, which no encoding has.
 */
function refuseHostileParts(value: unknown, path: string): void {
  if (typeof value === "string") return refuseHalfCharacters(value, path);
  if (typeof value !== "object" || value === null) return;
  for (const [name, child] of Object.entries(value)) {
    if (name.split(".").some((part) => PROTOTYPE_KEYS.includes(part))) {
      throw new InvalidAuthResult(`The result has a forbidden key "${path}${name}"`);
    }
    refuseHalfCharacters(name, `${path}${name}.`);
    refuseHostileParts(child, `${path}${name}.`);
  }
}

function refuseHalfCharacters(text: string, path: string): void {
  if (text.isWellFormed()) return;
  throw new InvalidAuthResult(`\`${path.slice(0, -1)}\` is not well-formed Unicode text`);
}
