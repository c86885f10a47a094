/** A token read from a file or the keychain, member by member. */
import type { JsonValue } from "../base/json.ts";
import type { ComputedCredential, KeyCredential } from "../http/computed_credential.ts";
import { type ProofKey, readProofKey } from "../http/key_proof.ts";
import {
  field,
  isBoolean,
  isList,
  isListOf,
  isNullOr,
  isObject,
  isOrigin,
  isRecordOf,
  isString,
  isTime,
  objectOf,
  textFields,
} from "./fields.ts";
import type { TokenState } from "./token_state.ts";

const MEMBERS = [
  "headers",
  "body_params",
  "query_params",
  "computed",
  "refresh_token",
  "expires_at",
  "obtained_at",
  "origins",
  "stale",
] as const satisfies readonly (keyof TokenState)[];

/** RFC 9110 section 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** RFC 9110 section 5.5; bytes beyond ASCII as Latin-1, as `fetch` takes them. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** @throws {TypeError} naming the member that is not as it should be. */
export function validateTokenState(value: unknown): TokenState {
  const fields = objectOf(value, MEMBERS);
  return {
    headers: field(fields, "headers", isHeaders, "an object of header names and values"),
    body_params: field(fields, "body_params", isObject, "an object") as Record<string, JsonValue>,
    query_params: field(fields, "query_params", isRecordOf(isWellFormed), "an object of texts"),
    computed: field(fields, "computed", isList, "a list").map(validateComputed),
    refresh_token: field(fields, "refresh_token", isNullOr(isString), "a text or null"),
    expires_at: field(fields, "expires_at", isNullOr(isTime), "a time in seconds or null"),
    obtained_at: field(fields, "obtained_at", isTime, "a time in seconds"),
    origins: field(fields, "origins", isListOf(isOrigin), "a list of http or https origins"),
    stale: field(fields, "stale", isBoolean, "true or false"),
  };
}

export function isHeaderName(name: string): boolean {
  return HEADER_NAME.test(name);
}

export function isHeaderValue(value: unknown): value is string {
  return isString(value) && HEADER_VALUE.test(value);
}

/** Half characters cannot be written into a URL. */
function isWellFormed(value: unknown): value is string {
  return isString(value) && value.isWellFormed();
}

function isHeaders(value: unknown): value is Record<string, string> {
  return isRecordOf(isHeaderValue)(value) && Object.keys(value).every(isHeaderName);
}

function validateComputed(value: unknown): ComputedCredential {
  const entry = `an entry of "computed"`;
  if (isObject(value) && value["kind"] === "dpop") {
    const fields = objectOf(value, ["kind", "key", "nonces"], entry);
    return { ...validateNonces(fields["nonces"]), kind: "dpop", key: validateKey(fields["key"]) };
  }
  const fields = objectOf(value, ["kind", "username", "password"], entry);
  if (fields["kind"] !== "http_digest") throw new TypeError(`"computed" has an unknown kind`);
  return {
    ...textFields(fields, ["username", "password"]),
    kind: "http_digest",
  };
}

function validateKey(value: unknown): ProofKey {
  const key = readProofKey(value);
  if (key === null) {
    throw new TypeError(`"computed" holds a "key" that is not a private key as JWK`);
  }
  return key;
}

function validateNonces(value: unknown): Pick<KeyCredential, "nonces"> {
  if (value === undefined) return {};
  if (isRecordOf(isHeaderValue)(value)) return { nonces: value };
  throw new TypeError(`"computed" holds "nonces" that are no object of texts`);
}
