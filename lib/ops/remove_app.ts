/** Removes an app, or one account of it, with everything that is kept of it; the site is told nothing. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { accountName } from "../store/account.ts";
import { type Home, openHome } from "../store/home.ts";
import { readTokenSummary, removeToken, withTokenLock } from "../token/token_file.ts";
import { appContents } from "./list_apps.ts";

export interface RemovalPlan {
  readonly name: string;
  /** What would go, a line each. */
  readonly goes: readonly string[];
}

/** @throws {AppError} `NOT_FOUND` for an app or account that does not exist. */
export async function planRemoval(ctx: Context, name: string): Promise<RemovalPlan> {
  const home = openHome(ctx);
  await home.requireApp(name);
  const { app, account } = accountName(name);
  if (account !== null) {
    await requireAccount(home, app, account);
    return { name, goes: await credentialsOf(home, name) };
  }
  const { captures, requests, tools, hasScript, accounts } = await appContents(home, app);
  const names = [app, ...accounts.map((each) => `${app}@${each}`)];
  const credentials = await Promise.all(names.map((each) => credentialsOf(home, each)));
  return {
    name,
    goes: [
      ...(captures === 0 ? [] : [`${captures} captures with ${requests} requests`]),
      ...(hasScript ? ["the login script and its proof"] : []),
      ...(tools === 0 ? [] : [`${tools} tools`]),
      ...credentials.flat(),
    ],
  };
}

/** Does what `planRemoval` says. */
export async function removeApp(ctx: Context, name: string): Promise<void> {
  const home = openHome(ctx);
  await home.requireApp(name);
  const { app, account } = accountName(name);
  const accounts = await home.listAccounts(app);
  const names = account === null ? [...accounts.map((each) => `${app}@${each}`), app] : [name];
  for (const each of names) await withTokenLock(ctx, home, each, () => removeToken(home, each));
  const folder = account === null ? home.appDir(app) : home.path("apps", app, "accounts", account);
  await Deno.remove(folder, { recursive: true });
}

async function requireAccount(home: Home, app: string, account: string): Promise<void> {
  const known = await home.listAccounts(app);
  if (known.includes(account)) return;
  throw new AppError("NOT_FOUND", `"${app}" has no account "${account}"`, {
    hint: known.length === 0
      ? `keysmith auth login ${app}@${account}`
      : `There are: ${known.join(", ")}`,
    details: { app, account, known },
  });
}

async function credentialsOf(home: Home, name: string): Promise<string[]> {
  return await readTokenSummary(home, name) === null ? [] : [`the token of ${name}`];
}
