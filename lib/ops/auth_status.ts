/** Whether an app has a usable token; without its secrets, so that no keychain is unlocked for it. */
import type { Context } from "../base/context.ts";
import { hostPort } from "../http/url.ts";
import { probeWalls } from "../sandbox/probe_walls.ts";
import type { WallReport } from "../sandbox/walls/wall_report.ts";
import { openHome } from "../store/home.ts";
import { hasRefresher } from "../token/refresh.ts";
import { readRefreshMemory, type RefreshMemory } from "../token/refresh_memory.ts";
import { readTokenSummary } from "../token/token_file.ts";
import { isAlive } from "../token/token_state.ts";
import { type LoginMemory, nextLoginMs, readLoginMemory } from "../token/login_memory.ts";
import type { TokenSummary } from "../token/token_stub.ts";
import { loginPlan } from "./login_plan.ts";
import { namesAnotherUser } from "./same_user.ts";

export interface AuthStatus {
  readonly app: string;
  /** `stale`: a server rejected the token before it expired. */
  readonly state: "valid" | "expired" | "stale" | "none";
  /** Seconds since the Unix epoch; `null` when unknown or when there is no token. */
  readonly expires_at: number | null;
  /** True when the token can be renewed without the user. */
  readonly refreshable: boolean;
  /** Who renews the token when its session has ended. */
  readonly renewed_by: "refresh token" | "stored answers" | "nobody";
  /** True where it is renewed by itself once the user agrees to the login script, as `auth login` asks. */
  readonly needs_consent: boolean;
  /** When the site refused the refresh token for good, in seconds since the Unix epoch; it is not sent again. */
  readonly refresh_refused_at: number | null;
  /** When the site refused the stored answers, in seconds since the Unix epoch; they count again once they change. */
  readonly answers_refused_at: number | null;
  /** True where the stored answers name another user than the one who is logged in, so that they renew nothing. */
  readonly answers_of_another_user: boolean;
  /** The renewal may not be tried before, in seconds since the Unix epoch; `null`: it may be tried now. */
  readonly renewal_not_before: number | null;
  /** True when the credentials can be used, or renewed by themselves now. */
  readonly usable: boolean;
  /** `host:port` of what the login script may reach, else of where the token may be sent. */
  readonly hosts: readonly string[];
}

/** With what was just tried around a login script; `null`: no sandbox process could be started. */
export interface AuthStatusWithSandbox extends AuthStatus {
  readonly sandbox: WallReport | null;
}

/** As `authStatus()`, and starts a sandbox process to say which walls of the system stand around it. */
export async function authStatusWithSandbox(
  ctx: Context,
  input: { readonly app: string },
): Promise<AuthStatusWithSandbox> {
  const [status, sandbox] = await Promise.all([authStatus(ctx, input), probeWalls()]);
  return { ...status, sandbox };
}

/** @throws {AppError} `NOT_FOUND` for an unknown app, `BAD_STORE` for a damaged file. */
export async function authStatus(
  ctx: Context,
  { app }: { readonly app: string },
): Promise<AuthStatus> {
  const home = openHome(ctx);
  await home.requireApp(app);
  const token = await readTokenSummary(home, app);
  const refreshes = token === null ? null : await readRefreshMemory(home, app, token);
  const plan = await loginPlan(ctx, home, app);
  const { isAgreed, isAnswered, record } = plan;
  const isAnothers = token !== null && isAnswered &&
    await namesAnotherUser(ctx, home, app, plan);
  const hasAnswers = token !== null && isAnswered && !isAnothers;
  const hasRefresh = token !== null && token.has_refresh_token && refreshes?.isFinal !== true &&
    await hasRefresher(home, app);
  const refreshable = hasRefresh && isAgreed;
  const memory = await readLoginMemory(home, app);
  const { refused } = memory;
  const nowMs = ctx.clock.nowMs();
  const state = token === null ? "none" : stateOf(token, nowMs);
  const renewed_by = renewer(refreshable, hasAnswers && isAgreed);
  const nextMs = nextRenewalMs(renewed_by, memory, refreshes, nowMs);
  const isRenewed = nextMs <= nowMs &&
    (renewed_by === "refresh token" || renewed_by === "stored answers" && refused === null);
  return {
    app,
    state,
    expires_at: token?.expires_at ?? null,
    refreshable,
    renewed_by,
    needs_consent: !isAgreed && (hasRefresh || hasAnswers),
    refresh_refused_at: refreshes?.isFinal ? (refreshes.refusedMs ?? 0) / 1000 : null,
    answers_refused_at: refused === null ? null : refused.atMs / 1000,
    answers_of_another_user: isAnothers,
    renewal_not_before: nextMs > nowMs ? nextMs / 1000 : null,
    usable: state === "valid" || isRenewed,
    hosts: record?.hosts ?? (token?.origins ?? []).map((origin) => hostPort(new URL(origin))),
  };
}

function renewer(refreshable: boolean, hasAnswers: boolean): AuthStatus["renewed_by"] {
  if (refreshable) return "refresh token";
  return hasAnswers ? "stored answers" : "nobody";
}

/** The moment from which on the renewal may be tried; in the past or now where it may be at once. */
function nextRenewalMs(
  renewed_by: AuthStatus["renewed_by"],
  logins: LoginMemory,
  refreshes: RefreshMemory | null,
  nowMs: number,
): number {
  if (renewed_by === "stored answers") return nextLoginMs(logins, nowMs);
  return renewed_by === "refresh token" ? refreshes?.notBeforeMs ?? 0 : 0;
}

function stateOf(token: TokenSummary, nowMs: number): AuthStatus["state"] {
  if (isAlive(token, nowMs)) return "valid";
  return isAlive({ ...token, stale: false }, nowMs) ? "stale" : "expired";
}
