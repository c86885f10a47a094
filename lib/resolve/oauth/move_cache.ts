/** Moves the OAuth tokens of services between files and the keychain. */
import { AppError } from "../../base/error.ts";
import type { Home } from "../../store/home.ts";
import type { KeychainStore } from "../../store/keychain_store.ts";
import { fileCache, keychainCache } from "./token_cache.ts";

/** The keys of all tokens that were ever kept: their lock files stay, whichever place holds the tokens. */
export async function cacheKeys(home: Home): Promise<string[]> {
  const keys = new Set<string>();
  try {
    for await (const { name } of Deno.readDir(home.path("oauth"))) {
      const key = /^([0-9a-f]{40})\.json(?:\.lock)?$/.exec(name)?.[1];
      if (key !== undefined) keys.add(key);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return [...keys].sort();
}

/**
 * Written there and read back before they are removed here, under their lock. `false`: nothing to move.
 *
 * @throws {AppError} `BAD_STORE`, `UNSUPPORTED`, `LOCKED`, `INTERRUPTED`. The tokens stay where they were then.
 */
export async function moveCache(
  home: Home,
  key: string,
  place: "file" | "keychain",
  keychain: KeychainStore,
  signal: AbortSignal,
): Promise<boolean> {
  const caches = { file: fileCache(home, key), keychain: keychainCache(home, key, keychain) };
  const to = caches[place];
  const from = caches[place === "file" ? "keychain" : "file"];
  return await from.locked(signal, async () => {
    const tokens = await from.read();
    if (tokens.length === 0) return false;
    await to.write(tokens);
    if (JSON.stringify(await to.read()) !== JSON.stringify(tokens)) throw notKept(place);
    await from.write([]);
    return true;
  });
}

function notKept(place: string): AppError {
  return new AppError("UNSUPPORTED", `The ${place} did not keep the tokens of a service`);
}
