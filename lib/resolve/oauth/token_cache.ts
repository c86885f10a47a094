/**
 * The OAuth tokens of services: `oauth/<key>.json` in the home, the keychain, or memory. The key stands
 * for server, client, grant, audience, resource and account, and for no scope: a token with more scopes
 * than asked for serves as well. Writers hold the lock over reading, asking the server and writing.
 */
import { createHash } from "node:crypto";
import type { OAuthSource } from "../../base/config.ts";
import { AppError, messageOf } from "../../base/error.ts";
import { isRecord, parseJson } from "../../base/json.ts";
import { removeFile } from "../../store/atomic.ts";
import type { Home } from "../../store/home.ts";
import { readJsonFile, writeJsonFile } from "../../store/json_file.ts";
import type { KeychainStore } from "../../store/keychain_store.ts";
import { withLock } from "../../store/lock.ts";
import { inTurn } from "../../store/turns.ts";
import type { ProofKey } from "./proof_key.ts";
import { expirySkewSec } from "../../token/token_state.ts";

/** Longer than one request to a token endpoint may take. */
const LOCK_WAIT_MS = 90_000;
/** Tokens kept per key; more distinct sets of scopes than this push the oldest out. */
const MAX_TOKENS = 20;

const KEYCHAIN_SERVICE = "keysmith-oauth";

export interface CachedToken {
  /** `null` once a server rejected it; the refresh token may still be good. */
  readonly access_token: string | null;
  readonly refresh_token: string | null;
  /** Granted, and asked for: some servers rename or leave out what they grant. */
  readonly scopes: readonly string[];
  /** Seconds since the Unix epoch; `null` when unknown. */
  readonly expires_at: number | null;
  readonly obtained_at: number;
  /** What the tokens are bound to; absent for bearer tokens. */
  readonly proof_key?: ProofKey;
}

export interface TokenCache {
  read(): Promise<CachedToken[]>;
  /** Only inside `locked`. An empty list removes what is stored. */
  write(tokens: readonly CachedToken[]): Promise<void>;
  /** @throws {AppError} `LOCKED`, `INTERRUPTED`. */
  locked<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export interface TokenIdentity {
  /** Issuer or token endpoint: whatever names the server without asking it. */
  readonly server: string;
  readonly clientId: string;
  readonly grant: string;
}

/** The name tokens are kept under: a SHA-256, since it stands in a file name. */
export function cacheKey({ server, clientId, grant }: TokenIdentity, source: OAuthSource): string {
  const parts = [server, clientId, grant, source.audience, source.resource, source.account];
  if (source.dpop) parts.push("dpop");
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 40);
}

/** The first token that is still good and has all the scopes. */
export function usableIn(
  tokens: readonly CachedToken[],
  scopes: readonly string[],
  nowMs: number,
): (CachedToken & { readonly access_token: string }) | null {
  for (const token of tokens) {
    const isAlive = token.expires_at === null ||
      token.expires_at > nowMs / 1000 + expirySkewSec(token);
    const { access_token } = token;
    if (access_token !== null && isAlive && covers(token, scopes)) {
      return { ...token, access_token };
    }
  }
  return null;
}

export function covers(token: CachedToken, scopes: readonly string[]): boolean {
  return scopes.every((scope) => token.scopes.includes(scope));
}

/** The list with a new token in front; those whose scopes it covers are gone. */
export function withToken(
  tokens: readonly CachedToken[],
  added: CachedToken,
  replaced: CachedToken | null = null,
): CachedToken[] {
  const kept = tokens.filter((token) => token !== replaced && !covers(added, token.scopes));
  return [added, ...kept].slice(0, MAX_TOKENS);
}

/** Tokens in a 0600 file. @throws {AppError} `BAD_STORE` for a damaged one or one others can read. */
export function fileCache(home: Home, key: string): TokenCache {
  const path = cachePath(home, key);
  return {
    read: async () => await readJsonFile(path, validateTokens, { private: true }) ?? [],
    write: async (tokens) => {
      if (tokens.length === 0) await removeFile(path);
      else await writeJsonFile(path, { tokens });
    },
    locked: (signal, work) => withLock(path, { timeoutMs: LOCK_WAIT_MS, signal }, work),
  };
}

/** Tokens in the keychain of the system; the lock is a file all the same. */
export function keychainCache(home: Home, key: string, keychain: KeychainStore): TokenCache {
  return {
    read: async () => {
      const text = await keychain.get(KEYCHAIN_SERVICE, key);
      return text === null ? [] : tokensIn(text, key);
    },
    write: async (tokens) => {
      if (tokens.length === 0) await keychain.delete(KEYCHAIN_SERVICE, key);
      else await keychain.set(KEYCHAIN_SERVICE, key, JSON.stringify({ tokens }));
    },
    locked: (signal, work) =>
      withLock(cachePath(home, key), { timeoutMs: LOCK_WAIT_MS, signal }, work),
  };
}

/** Tokens that end with the process. */
export function memoryCache(tokens: Map<string, readonly CachedToken[]>, key: string): TokenCache {
  return {
    read: () => Promise.resolve([...tokens.get(key) ?? []]),
    write: (list) => {
      tokens.set(key, list);
      return Promise.resolve();
    },
    locked: (signal, work) => inTurn(`memory ${key}`, { signal }, work),
  };
}

function cachePath(home: Home, key: string): string {
  return home.path("oauth", `${key}.json`);
}

/** @throws {AppError} `BAD_STORE` for an item that somebody else wrote or damaged. */
function tokensIn(text: string, key: string): CachedToken[] {
  try {
    return validateTokens(parseJson(text));
  } catch (error) {
    throw new AppError("BAD_STORE", `Cannot use the keychain item "${key}": ${messageOf(error)}`, {
      hint: `Remove the item "${KEYCHAIN_SERVICE}" from the keychain and log in again`,
    });
  }
}

function validateTokens(value: unknown): CachedToken[] {
  if (!isRecord(value) || !Array.isArray(value.tokens)) {
    throw new TypeError(`"tokens" is not a list`);
  }
  return value.tokens.map(validateToken);
}

function validateToken(value: unknown): CachedToken {
  if (!isRecord(value)) throw new TypeError("a token is not an object");
  const { access_token, refresh_token, scopes, expires_at, obtained_at, proof_key } = value;
  if (!isTextOrNull(access_token)) throw new TypeError(`"access_token" is neither text nor null`);
  if (!isTextOrNull(refresh_token)) throw new TypeError(`"refresh_token" is neither text nor null`);
  if (!Array.isArray(scopes) || !scopes.every((scope) => typeof scope === "string")) {
    throw new TypeError(`"scopes" is not a list of texts`);
  }
  if (expires_at !== null && !Number.isFinite(expires_at)) {
    throw new TypeError(`"expires_at" is neither a time in seconds nor null`);
  }
  if (!Number.isFinite(obtained_at)) throw new TypeError(`"obtained_at" is not a time in seconds`);
  if (proof_key !== undefined && !isRecord(proof_key)) {
    throw new TypeError(`"proof_key" is not a key`);
  }
  return {
    access_token,
    refresh_token,
    scopes,
    expires_at: expires_at as number | null,
    obtained_at: obtained_at as number,
    ...(proof_key === undefined ? {} : { proof_key: proof_key as ProofKey }),
  };
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}
