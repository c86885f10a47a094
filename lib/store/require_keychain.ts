/** Whether the keychain can be used, found out before something depends on it. */
import type { KeychainStore } from "./keychain_store.ts";

/** Reads an item that need not be there. @throws {AppError} `UNSUPPORTED` saying what is missing. */
export async function requireKeychain(keychain: KeychainStore): Promise<void> {
  await keychain.get("keysmith", "probe");
}
