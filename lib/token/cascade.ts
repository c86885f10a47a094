/**
 * The one way to a token: a valid one as it is, else a refreshed one, else one of a new login where
 * that takes nobody, else an error that names the
 * command to run. And what an answer has to say about the token that was sent with the request.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { Home } from "../store/home.ts";
import { authNeeded } from "./auth_needed.ts";
import { hasRefresher, isPastRefreshing, refreshedToken, type RefreshOptions } from "./refresh.ts";
import { registerToken } from "./secrets.ts";
import { applyRenewals, type Renewal } from "./renewals.ts";
import { readToken, withTokenLock, writeToken } from "./token_file.ts";
import { isAlive, isFresh, isSameToken, type TokenState } from "./token_state.ts";

/**
 * @throws {AppError} `AUTH_NEEDED` when there is no token and none can be had without the user; `UNREACHABLE`
 * or `UPSTREAM_FAILED` when it cannot be refreshed for now; `CONSENT_NEEDED` for a script that has changed;
 * `LOCKED`, `BAD_STORE`, `INTERRUPTED`.
 */
export async function usableToken(
  ctx: Context,
  home: Home,
  app: string,
  options: RefreshOptions = {},
): Promise<TokenState> {
  const token = await readToken(home, app);
  if (token === null) throw authNeeded(app, `"${app}" is not logged in`);
  registerToken(ctx.redactor, token);
  if (isFresh(token, ctx.clock.nowMs())) return token;
  try {
    const isRefreshable = token.refresh_token !== null && await hasRefresher(home, app);
    const mayLogIn = options.login !== undefined && !isAlive(token, ctx.clock.nowMs());
    if (!isRefreshable && !mayLogIn) throw overAndDone(app, token);
    return await refreshedToken(ctx, home, app, token, options);
  } catch (error) {
    // Within the skew the token still works: better than an error, whatever the reason.
    if (isAlive(token, ctx.clock.nowMs()) && !isInterruption(error)) return token;
    throw forTheUser(app, error);
  }
}

/**
 * Notes that a server rejected the token before it expired. A token that was stored since is left
 * alone.
 */
export async function markStale(
  ctx: Context,
  home: Home,
  app: string,
  rejected: TokenState,
): Promise<void> {
  await withTokenLock(ctx, home, app, async () => {
    const current = await readToken(home, app);
    if (current === null || current.stale || !isSameToken(current, rejected)) return;
    await writeToken(home, app, { ...current, stale: true });
  });
}

/**
 * Keeps a sliding session going: what answers to requests that carried `sent` renewed. Not for
 * answers that refuse the token. When another process is busy with the token, it is left alone.
 */
export async function mergeRenewals(
  ctx: Context,
  home: Home,
  app: string,
  sent: TokenState,
  received: readonly Renewal[],
): Promise<void> {
  const nowMs = ctx.clock.nowMs();
  if (applyRenewals(sent, sent, received, nowMs) === null) return;
  await unlessLocked(() =>
    withTokenLock(ctx, home, app, async () => {
      const current = await readToken(home, app);
      const updated = current && applyRenewals(current, sent, received, nowMs);
      if (updated === null) return;
      registerToken(ctx.redactor, updated);
      await writeToken(home, app, updated);
    }, MERGE_WAIT_MS)
  );
}

/** A refresh that takes longer than this replaces all of it anyway. */
const MERGE_WAIT_MS = 2_000;

async function unlessLocked(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "LOCKED") throw error;
  }
}

function overAndDone(app: string, token: TokenState): AppError {
  const state = token.stale ? "was rejected" : "has expired";
  return authNeeded(app, `The token of "${app}" ${state} and cannot be refreshed`);
}

function isInterruption(error: unknown): boolean {
  return error instanceof AppError && error.code === "INTERRUPTED";
}

/** A script that breaks or asks during a refresh is, for the caller of a tool, a login that is needed. */
function forTheUser(app: string, error: unknown): unknown {
  if (!isPastRefreshing(error) || error.code === "AUTH_NEEDED") return error;
  return authNeeded(app, `The token of "${app}" cannot be renewed: ${error.message}`, error);
}
