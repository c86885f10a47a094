/** The token of an app as an item of the keychain. */
import { createHash } from "node:crypto";
import { AppError, messageOf } from "../base/error.ts";
import { parseJson } from "../base/json.ts";
import type { Home } from "../store/home.ts";
import type { KeychainStore } from "../store/keychain_store.ts";
import { isSameToken, type TokenState } from "./token_state.ts";
import { validateTokenState } from "./validate_token.ts";

const SERVICE = "keysmith-token";

/** The same for every write, so that one that was interrupted leaves nothing behind; another per home. */
export function itemName(home: Home, app: string): string {
  return `${app} ${createHash("sha256").update(home.root).digest("hex").slice(0, 16)}`;
}

/** `null` when there is none. @throws {AppError} `UNSUPPORTED`; `BAD_STORE` for an item that is not a token. */
export async function readItem(keychain: KeychainStore, item: string): Promise<TokenState | null> {
  const text = await keychain.get(SERVICE, item);
  if (text === null) return null;
  try {
    return validateTokenState(parseJson(text));
  } catch (error) {
    throw new AppError("BAD_STORE", `Cannot use the keychain item "${item}": ${messageOf(error)}`, {
      hint: `Remove the item of "${SERVICE}" from the keychain and log in again`,
      details: { service: SERVICE, item },
    });
  }
}

/** Writes and reads back. @throws {AppError} `UNSUPPORTED`, also when the keychain holds something else. */
export async function writeItem(
  keychain: KeychainStore,
  item: string,
  token: TokenState,
): Promise<void> {
  await keychain.set(SERVICE, item, JSON.stringify(token));
  const stored = await readItem(keychain, item);
  if (stored !== null && isSameToken(stored, token)) return;
  throw new AppError("UNSUPPORTED", `The system keychain did not keep the item "${item}"`, {
    hint: "Keep token state in files instead: keysmith config set store file",
  });
}

export async function removeItem(keychain: KeychainStore, item: string): Promise<boolean> {
  return await keychain.delete(SERVICE, item);
}
