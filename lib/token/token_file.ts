/** `token.json`: read and validated, written whole, removed. */
import type { Context } from "../base/context.ts";
import type { JsonValue } from "../base/json.ts";
import type { ComputedCredential } from "../http/computed_credential.ts";
import { parseUrl } from "../http/url.ts";
import { removeFile } from "../store/atomic.ts";
import type { Home } from "../store/home.ts";
import { readJsonFile, writeJsonFile } from "../store/json_file.ts";
import { withLock } from "../store/lock.ts";
import {
  field,
  isBoolean,
  isList,
  isListOf,
  isNullOr,
  isObject,
  isRecordOf,
  isString,
  isTime,
  objectOf,
  textFields,
} from "./fields.ts";
import type { TokenState } from "./token_state.ts";

/** A holder of the lock runs at most one refresh script; this is longer than any of them may take. */
const LOCK_WAIT_MS = 180_000;

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

/** @throws {AppError} `BAD_STORE` for a damaged file or one that others can read. */
export async function readToken(home: Home, app: string): Promise<TokenState | null> {
  return await readJsonFile(tokenPath(home, app), validateTokenState, { private: true });
}

/** Every writer holds the lock: see `withTokenLock`. */
export async function writeToken(home: Home, app: string, token: TokenState): Promise<void> {
  await writeJsonFile(tokenPath(home, app), validateTokenState(token));
}

/** Answers `false` when there was no token. A damaged file is removed like any other. */
export async function removeToken(home: Home, app: string): Promise<boolean> {
  return await removeFile(tokenPath(home, app));
}

/**
 * Runs `fn` while no other process reads and writes the token of `app` in one go. Not reentrant.
 *
 * @throws {AppError} `LOCKED` when another process does not finish, `INTERRUPTED`.
 */
export async function withTokenLock<T>(
  ctx: Pick<Context, "signal">,
  home: Home,
  app: string,
  fn: () => Promise<T>,
  timeoutMs = LOCK_WAIT_MS,
): Promise<T> {
  const options = { timeoutMs, signal: ctx.signal };
  return await withLock(tokenPath(home, app), options, fn);
}

/** @throws {TypeError} naming the member that is not as it should be. */
export function validateTokenState(value: unknown): TokenState {
  const fields = objectOf(value, MEMBERS);
  return {
    headers: field(fields, "headers", isHeaders, "an object of header names and values"),
    body_params: field(fields, "body_params", isObject, "an object") as Record<string, JsonValue>,
    query_params: field(fields, "query_params", isRecordOf(isString), "an object of texts"),
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

function tokenPath(home: Home, app: string): string {
  return home.appFile(app, "token.json");
}

function isHeaders(value: unknown): value is Record<string, string> {
  return isRecordOf(isHeaderValue)(value) && Object.keys(value).every(isHeaderName);
}

function isOrigin(value: unknown): value is string {
  return isString(value) && /^https?:/.test(value) && parseUrl(value)?.origin === value;
}

function validateComputed(value: unknown): ComputedCredential {
  const fields = objectOf(value, ["kind", "username", "password"], `an entry of "computed"`);
  if (fields["kind"] !== "http_digest") throw new TypeError(`"computed" has an unknown kind`);
  return {
    kind: "http_digest",
    ...textFields(fields, ["username", "password"]),
  };
}
