/**
 * The token of an app: read and validated, written whole, removed. `token.json` holds it, or says that
 * the keychain of the system does. A token that changes stays where it is; a new login's goes where the
 * configuration says.
 */
import { type StorePlace, storePlace } from "../base/config_store.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { isRecord } from "../base/json.ts";
import { removeFile } from "../store/atomic.ts";
import type { Home } from "../store/home.ts";
import { readJsonFile, writeJsonFile } from "../store/json_file.ts";
import { openKeychain } from "../store/keychain.ts";
import type { KeychainStore } from "../store/keychain_store.ts";
import { withLock } from "../store/lock.ts";
import { requireKeychain } from "../store/require_keychain.ts";
import { itemName, readItem, removeItem, writeItem } from "./token_item.ts";
import type { TokenState } from "./token_state.ts";
import {
  isStub,
  stubOf,
  summaryOf,
  type TokenStub,
  type TokenSummary,
  validateTokenStub,
} from "./token_stub.ts";
import { validateTokenState } from "./validate_token.ts";

/** A holder of the lock runs at most one refresh script; this is longer than any of them may take. */
const LOCK_WAIT_MS = 180_000;

/**
 * @throws {AppError} `BAD_STORE` for a damaged file or one that others can read; `UNSUPPORTED` when the
 * token is in a keychain that cannot be read.
 */
export async function readToken(
  home: Home,
  app: string,
  keychain: KeychainStore = openKeychain(),
): Promise<TokenState | null> {
  const stored = await readStored(home, app);
  if (stored === null || !isStub(stored)) return stored;
  const token = await readItem(keychain, stored.item);
  if (token !== null) return token;
  // Without the lock, a token may be on its way into the file.
  const again = await readStored(home, app);
  return again === null || isStub(again) ? null : again;
}

/** What is known of the token without its secrets; the keychain is left alone. @throws as `readToken`. */
export async function readTokenSummary(home: Home, app: string): Promise<TokenSummary | null> {
  const stored = await readStored(home, app);
  return stored === null || isStub(stored) ? stored : summaryOf(stored);
}

/** True when `readToken` would ask the keychain. */
export async function isTokenInKeychain(home: Home, app: string): Promise<boolean> {
  const stored = await readStored(home, app);
  return stored !== null && isStub(stored);
}

/** A change of the token, where it is. Every writer holds the lock: see `withTokenLock`. */
export async function writeToken(
  home: Home,
  app: string,
  token: TokenState,
  keychain: KeychainStore = openKeychain(),
): Promise<void> {
  const place = await keychainItem(home, app) === null ? "file" : "keychain";
  await writeAt(place, home, app, token, keychain);
}

/**
 * Keeps the token of a new login, where the configuration says. Takes the lock.
 *
 * @throws {AppError} `BAD_CONFIG`, `UNSUPPORTED` without a keychain, `LOCKED`, `INTERRUPTED`.
 */
export async function storeNewToken(
  ctx: Pick<Context, "env" | "signal">,
  home: Home,
  app: string,
  token: TokenState,
  keychain: KeychainStore = openKeychain(),
): Promise<void> {
  await withTokenLock(ctx, home, app, async () => {
    await writeAt(await storePlace(ctx), home, app, token, keychain);
  });
}

/** Before anything is spent on a new token: whether there is a place to keep it. @throws as `storeNewToken`. */
export async function requireTokenStore(
  ctx: Pick<Context, "env">,
  keychain: KeychainStore = openKeychain(),
): Promise<void> {
  if (await storePlace(ctx) === "keychain") await requireKeychain(keychain);
}

/**
 * Moves the token to the other place: it is there, whole, before it is removed here. Answers `false` when there
 * is none, or nothing to move. Takes the lock.
 *
 * @throws {AppError} as `readToken`, `LOCKED`, `INTERRUPTED`. The token stays where it was then.
 */
export async function moveToken(
  ctx: Pick<Context, "signal">,
  home: Home,
  app: string,
  place: StorePlace,
  keychain: KeychainStore = openKeychain(),
): Promise<boolean> {
  return await withTokenLock(ctx, home, app, async () => {
    if (await isTokenInKeychain(home, app) === (place === "keychain")) return false;
    const token = await readToken(home, app, keychain);
    if (token === null) return false;
    await writeAt(place, home, app, token, keychain);
    return true;
  });
}

/** Answers `false` when there was no token. A damaged file is removed like any other. */
export async function removeToken(
  home: Home,
  app: string,
  keychain: KeychainStore = openKeychain(),
): Promise<boolean> {
  const item = await keychainItem(home, app);
  if (item !== null) await removeItem(keychain, item);
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

/** Whoever is killed in between leaves the old token or the new one, and at worst a copy in the keychain. */
async function writeAt(
  place: StorePlace,
  home: Home,
  app: string,
  token: TokenState,
  keychain: KeychainStore,
): Promise<void> {
  const path = tokenPath(home, app);
  const item = await keychainItem(home, app);
  if (place === "file") {
    await writeJsonFile(path, validateTokenState(token));
    if (item !== null) await forget(keychain, item);
    return;
  }
  const name = item ?? itemName(home, app);
  await writeItem(keychain, name, validateTokenState(token));
  await writeJsonFile(path, stubOf(token, name));
}

/** A keychain that is gone is not a reason to fail: people go back to files for that. */
async function forget(keychain: KeychainStore, item: string): Promise<void> {
  try {
    await removeItem(keychain, item);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "UNSUPPORTED") throw error;
  }
}

/** The item of the keychain that holds the token; `null` when none does, or when a damaged file tells. */
async function keychainItem(home: Home, app: string): Promise<string | null> {
  try {
    const stored = await readStored(home, app);
    return stored !== null && isStub(stored) ? stored.item : null;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "BAD_STORE") throw error;
    return null;
  }
}

async function readStored(home: Home, app: string): Promise<TokenState | TokenStub | null> {
  return await readJsonFile(tokenPath(home, app), validateStored, { private: true });
}

function validateStored(value: unknown): TokenState | TokenStub {
  const isInKeychain = isRecord(value) && Object.hasOwn(value, "stored_in");
  return isInKeychain ? validateTokenStub(value) : validateTokenState(value);
}

function tokenPath(home: Home, app: string): string {
  return home.appFile(app, "token.json");
}
