/** Every app and account with the state of its credentials. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { accountName } from "../store/account.ts";
import { type Home, openHome } from "../store/home.ts";
import { lastUseMs } from "../store/last_use.ts";
import { loadConfig } from "../store/load_config.ts";
import { readLoginName } from "../token/login_name.ts";
import { type AuthStatus, authStatus } from "./auth_status.ts";
import { checkAccount, type SiteAnswer } from "./check_account.ts";

export interface ListedAccount
  extends Pick<AuthStatus, "state" | "expires_at" | "renewed_by" | "needs_consent"> {
  /** `shop`, `shop@bob`, `shop:staging`. */
  readonly name: string;
  readonly app: string;
  readonly environment: string | null;
  readonly account: string | null;
  /** Seconds since the Unix epoch. */
  readonly last_used_at: number | null;
  /** What the site says; `null` where it was not asked. */
  readonly site: SiteAnswer | null;
  /** True when a call needs nobody. */
  readonly usable: boolean;
  /** Why nothing is known. */
  readonly problem: string | null;
}

/** `check`: each site is asked whether it takes the token. One damaged app does not hide the others. */
export async function listAuth(
  ctx: Context,
  { check = false }: { readonly check?: boolean } = {},
): Promise<ListedAccount[]> {
  const home = openHome(ctx);
  const names: string[] = [];
  for (const app of await home.listApps()) {
    names.push(...await home.listNames(app));
  }
  const { apps } = await loadConfig(ctx);
  const all = await Promise.all(names.map((name) => listed(ctx, name, check)));
  const isThere = await Promise.all(
    all.map(async (one) => apps.has(one.name) || isKnown(one) || await wasLoggedIn(home, one.name)),
  );
  return all.filter((_, index) => isThere[index]);
}

/** An account whose only login failed is none: its name may have been a slip. */
function isKnown({ account, state, problem, last_used_at }: ListedAccount): boolean {
  return account === null || state !== "none" || problem !== null || last_used_at !== null;
}

async function wasLoggedIn(home: Home, name: string): Promise<boolean> {
  return await readLoginName(home, name) !== null;
}

async function listed(ctx: Context, name: string, check: boolean): Promise<ListedAccount> {
  const home = openHome(ctx);
  const { app, environment, account } = accountName(name);
  const usedMs = await lastUseMs(home, name);
  const common = {
    name,
    app,
    environment,
    account,
    last_used_at: usedMs === null ? null : usedMs / 1000,
  };
  try {
    const site = check ? await checkAccount(ctx, name) : null;
    const status = await authStatus(ctx, { app: name });
    const { state, expires_at, renewed_by, needs_consent, usable } = status;
    return {
      ...common,
      state,
      expires_at,
      renewed_by,
      needs_consent,
      usable,
      site,
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "INTERRUPTED") throw error;
    const unknown = {
      state: "none",
      expires_at: null,
      renewed_by: "nobody",
      needs_consent: false,
    } as const;
    return { ...common, ...unknown, usable: false, site: null, problem: error.message };
  }
}
