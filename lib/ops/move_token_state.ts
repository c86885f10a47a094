/** Moves the tokens of all apps and services to where the configuration now says. */
import type { StorePlace } from "../base/config_store.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { openHome } from "../store/home.ts";
import type { KeychainStore } from "../store/keychain_store.ts";
import { moveToken } from "../token/token_file.ts";

export interface MovedTokens {
  /** Names of apps and accounts. */
  readonly apps: readonly string[];
  /** How many logins of services. */
  readonly services: number;
}

/**
 * One after the other, each under its lock; one that cannot be moved stays and keeps none of the others.
 *
 * @throws {AppError} of the first that cannot be moved, once all others are.
 */
export async function moveTokenState(
  ctx: Context,
  { from, to }: { readonly from: StorePlace; readonly to: StorePlace },
  keychain: KeychainStore,
): Promise<MovedTokens> {
  const home = openHome(ctx);
  const stuck: { name: string; error: AppError }[] = [];
  const attempt = async (name: string, move: () => Promise<boolean>): Promise<boolean> => {
    try {
      return await move();
    } catch (error) {
      if (!(error instanceof AppError) || error.code === "INTERRUPTED") throw error;
      stuck.push({ name, error });
      return false;
    }
  };
  const apps: string[] = [];
  for (const app of await home.listApps()) {
    for (const name of await home.listNames(app)) {
      if (await attempt(name, () => moveToken(ctx, home, name, to, keychain))) apps.push(name);
    }
  }
  const { cacheKeys, moveCache } = await import("../resolve/oauth/move_cache.ts");
  let services = 0;
  // Files say themselves that their tokens are elsewhere, caches do not: a keychain that was never in use is not asked.
  for (const key of from === to && to === "file" ? [] : await cacheKeys(home)) {
    const move = () => moveCache(home, key, to, keychain, ctx.signal);
    if (await attempt("a service", move)) services++;
  }
  if (stuck.length > 0) throw notMoved(to, stuck);
  return { apps, services };
}

function notMoved(
  place: StorePlace,
  stuck: readonly { name: string; error: AppError }[],
): AppError {
  const [{ error }] = stuck as [{ name: string; error: AppError }];
  const names = [...new Set(stuck.map(({ name }) => name))];
  return new AppError(
    error.code,
    `New logins are kept in the new place, but the token of ${names.join(", ")} stays where it ` +
      `is: ${error.message}`,
    {
      hint: `Run it again when that is mended: keysmith config set store ${place}; or log in again`,
      details: { ...error.details, stuck: names },
      cause: error,
    },
  );
}
