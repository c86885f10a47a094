/** Removes an app, or one account or environment of it, with everything that is kept of it; the site is told nothing. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { accountName, isPartOfApp, joinedName } from "../store/account.ts";
import { type Home, openHome } from "../store/home.ts";
import { openKeychain } from "../store/keychain.ts";
import type { KeychainStore } from "../store/keychain_store.ts";
import { loadConfig } from "../store/load_config.ts";
import { readTokenSummary, removeToken, withTokenLock } from "../token/token_file.ts";
import { appContents } from "./list_apps.ts";
import { ANSWERS_SERVICE, type RememberedItem, rememberedItems } from "./remembered_items.ts";

export interface RemovalPlan {
  readonly name: string;
  /** What would go, a line each. */
  readonly goes: readonly string[];
  /** Entries of the configuration that stay. */
  readonly leftInConfig: readonly string[];
}

/** @throws {AppError} `NOT_FOUND` for an app, an account or an environment that does not exist. */
export async function planRemoval(ctx: Context, name: string): Promise<RemovalPlan> {
  const home = openHome(ctx);
  const names = await namesWithin(home, name);
  const tokens = await Promise.all(names.map((each) => credentialsOf(home, each)));
  const { items, leftInConfig } = await configured(ctx, home, names);
  const credentials = [...tokens.flat(), ...answersIn(items)];
  if (isPartOfApp(name)) return { name, goes: credentials, leftInConfig };
  const { captures, requests, tools, hasScript } = await appContents(home, name);
  return {
    name,
    goes: [
      ...(captures === 0
        ? []
        : [`${counted(captures, "capture")} with ${counted(requests, "request")}`]),
      ...(hasScript ? ["the login script and its proof"] : []),
      ...(tools === 0 ? [] : [counted(tools, "tool")]),
      ...credentials,
    ],
    leftInConfig,
  };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** Does what `planRemoval` says. @throws {AppError} `UNSUPPORTED` where answers stand in a keychain that is gone. */
export async function removeApp(
  ctx: Context,
  name: string,
  keychain: KeychainStore = openKeychain(),
): Promise<void> {
  const home = openHome(ctx);
  const names = await namesWithin(home, name);
  const { items } = await configured(ctx, home, names);
  for (const { account } of items) await keychain.delete(ANSWERS_SERVICE, account);
  for (const each of names.toReversed()) {
    await withTokenLock(ctx, home, each, () => removeToken(home, each));
  }
  await Deno.remove(home.ownDir(name), { recursive: true });
}

interface Configured {
  readonly items: readonly RememberedItem[];
  readonly leftInConfig: readonly string[];
}

/** A configuration that cannot be read is not a reason to keep an app. */
async function configured(
  ctx: Context,
  home: Home,
  names: readonly string[],
): Promise<Configured> {
  try {
    const config = await loadConfig(ctx);
    return {
      items: rememberedItems(home, config, names),
      leftInConfig: names.filter((each) => config.apps.has(each)).map((each) => `apps.${each}`),
    };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "INTERRUPTED") throw error;
    return { items: [], leftInConfig: [] };
  }
}

function answersIn(items: readonly RememberedItem[]): string[] {
  return [...Map.groupBy(items, ({ app }) => app)].map(([app, own]) =>
    `the answers of ${app} in the keychain: ${own.map(({ label }) => label).join(", ")}`
  );
}

/** The name, and all names whose credentials go with it. */
async function namesWithin(home: Home, name: string): Promise<string[]> {
  await home.requireApp(name);
  const { app, environment, account } = accountName(name);
  if (environment !== null) {
    requireOne(app, "environment", environment, await home.listEnvironments(app));
  }
  if (account === null) return await home.listNames(name);
  const place = joinedName({ app, environment, account: null });
  requireOne(place, "account", account, await home.listAccounts(place));
  return [name];
}

function requireOne(place: string, what: string, one: string, known: readonly string[]): void {
  if (known.includes(one)) return;
  throw new AppError("NOT_FOUND", `"${place}" has no ${what} "${one}"`, {
    hint: known.length === 0
      ? `keysmith auth login ${place} --${what === "account" ? "account" : "env"} ${one}`
      : `There are: ${known.join(", ")}`,
    details: { app: place, [what]: one, known },
  });
}

async function credentialsOf(home: Home, name: string): Promise<string[]> {
  return await readTokenSummary(home, name) === null ? [] : [`the token of ${name}`];
}
