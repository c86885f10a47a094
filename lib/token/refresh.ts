/**
 * One refresh, or one new login, for any number of processes.
 *
 * The lock is held over reading, judging, refreshing and writing. Whoever gets it looks at the file
 * again first: if another process was faster, there is nothing left to do, and a refresh token that is
 * good for one use is used once. The new token is on the disk before anybody uses it. Nothing is ever
 * removed: a network error leaves everything as it was, and a refusal is believed only if the file
 * still holds the token that was refused.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { keyOf } from "../http/computed_credential.ts";
import type { ProofKey } from "../http/key_proof.ts";
import type { AuthResult } from "../script/contract.ts";
import type { Home } from "../store/home.ts";
import type { GuestLimits } from "../sandbox/limits.ts";
import { type AuthRecord, readAuthRecord } from "./auth_file.ts";
import { authNeeded } from "./auth_needed.ts";
import { tokenFromResult } from "./from_result.ts";
import { refresh, type ScriptRun } from "./run_script.ts";
import { type AuthScript, readAuthScript } from "./script_file.ts";
import { beginRefresh } from "./refresh_attempt.ts";
import { forgetRefreshes } from "./refresh_memory.ts";
import { registerToken } from "./secrets.ts";
import { readToken, withTokenLock, writeToken } from "./token_file.ts";
import { isAlive, isSameToken, type TokenState } from "./token_state.ts";

export interface RefreshOptions {
  readonly limits?: Partial<GuestLimits>;
  /** Stands in for the script's run in tests. */
  readonly run?: (
    run: ScriptRun,
    refreshToken: string,
    proofKey: ProofKey | undefined,
  ) => Promise<AuthResult>;
  /** A token of a refresh was rejected at once: another refresh does not help. */
  readonly isVain?: boolean;
  /** Logs in anew where no refresh helps. */
  readonly login?: NewLogin;
}

/**
 * A login that nobody has to attend, run with the token's lock held. It stores nothing.
 *
 * @param cause Why there is no usable token; thrown on where no such login is to be had.
 * @throws {AppError} `cause`, or why the login failed or may not be tried now.
 */
export type NewLogin = (cause: AppError) => Promise<TokenState>;

/**
 * A token newer than `seen`: the one another process has stored since, else a refreshed one.
 *
 * @throws {AppError} `AUTH_NEEDED` when there is no token, no refresh token or no script that refreshes, or
 * when the refresh token is refused; `UNREACHABLE` or `UPSTREAM_FAILED` when the site is down; `LOCKED`;
 * what the script's run throws.
 */
export async function refreshedToken(
  ctx: Context,
  home: Home,
  app: string,
  seen: TokenState,
  options: RefreshOptions = {},
): Promise<TokenState> {
  return await withTokenLock(ctx, home, app, async () => {
    const current = await readToken(home, app);
    if (current === null) throw authNeeded(app, `"${app}" was logged out meanwhile`);
    registerToken(ctx.redactor, current);
    if (!isSameToken(current, seen) && isAlive(current, ctx.clock.nowMs())) return current;
    try {
      if (options.isVain) throw authNeeded(app, `"${app}" takes no token of a refresh`);
      return await refreshCurrent(ctx, home, app, current, options);
    } catch (error) {
      if (!isPastRefreshing(error) || isAlive(current, ctx.clock.nowMs())) throw error;
      return await loggedInAnew(ctx, home, app, error, options);
    }
  });
}

/** What a refresh ends in that a login may mend: nothing to refresh with, or a script that breaks or asks. */
export function isPastRefreshing(error: unknown): error is AppError {
  const codes = ["AUTH_NEEDED", "SCRIPT_FAILED", "SCRIPT_LIMIT", "SCRIPT_REFUSED", "NO_INPUT"];
  return error instanceof AppError && codes.includes(error.code);
}

/** Only with the lock held. */
async function loggedInAnew(
  ctx: Context,
  home: Home,
  app: string,
  cause: AppError,
  { login }: RefreshOptions,
): Promise<TokenState> {
  if (login === undefined) throw cause;
  const token = await login(cause);
  registerToken(ctx.redactor, token);
  await writeToken(home, app, token);
  return token;
}

/** True when a refresh token of `app` can be exchanged for a new token without the user. */
export async function hasRefresher(home: Home, app: string): Promise<boolean> {
  return await refresherOf(home, app) !== null;
}

/** Only with the lock held. */
async function refreshCurrent(
  ctx: Context,
  home: Home,
  app: string,
  current: TokenState,
  options: RefreshOptions,
): Promise<TokenState> {
  const spent = current.refresh_token;
  const refresher = spent === null ? null : await refresherOf(home, app);
  if (spent === null || refresher === null) {
    const was = current.stale ? "was rejected and " : "";
    const why = spent === null ? "the login gave no refresh token" : "no script knows how";
    throw authNeeded(app, `The token of "${app}" ${was}cannot be refreshed: ${why}`);
  }
  const run = options.run ?? ((script, token, key) => refresh(ctx, script, token, key));
  const limits = options.limits === undefined ? {} : { limits: options.limits };
  const attempt = await beginRefresh(ctx, home, app, current);
  try {
    const result = await run(
      { app, ...refresher, ...limits },
      spent,
      keyOf(current.computed)?.key,
    );
    return await store(ctx, home, app, result, current);
  } catch (error) {
    const failed = await attempt.failed(error);
    if (!(error instanceof AppError) || error.code !== "AUTH_REFUSED") throw failed;
    const winner = await winnerOf(ctx, home, app, current);
    if (winner === null) throw failed;
    return winner;
  }
}

async function store(
  ctx: Context,
  home: Home,
  app: string,
  result: AuthResult,
  previous: TokenState,
): Promise<TokenState> {
  const nowMs = ctx.clock.nowMs();
  const token = tokenFromResult(result, { nowMs, origins: previous.origins, previous });
  registerToken(ctx.redactor, token);
  await writeToken(home, app, token);
  await forgetRefreshes(home, app);
  return token;
}

/** A usable token that somebody stored in spite of the lock: one on a file system that ignores it. */
async function winnerOf(
  ctx: Context,
  home: Home,
  app: string,
  loser: TokenState,
): Promise<TokenState | null> {
  const stored = await readToken(home, app);
  if (stored === null || isSameToken(stored, loser)) return null;
  registerToken(ctx.redactor, stored);
  return isAlive(stored, ctx.clock.nowMs()) ? stored : null;
}

interface Refresher {
  readonly script: AuthScript;
  readonly record: AuthRecord;
}

async function refresherOf(home: Home, app: string): Promise<Refresher | null> {
  const record = await readAuthRecord(home, app);
  if (record === null || record.refresh === "none" || record.proof?.refresh === "failed") {
    return null;
  }
  const script = await readAuthScript(home, app);
  return script === null ? null : { script, record };
}
