/** One refresh from its beginning to its failure: what is remembered of it, and what the user is told. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { retryAfterMs } from "../http/retry_after.ts";
import type { Home } from "../store/home.ts";
import { authNeeded } from "./auth_needed.ts";
import { readRefreshMemory, type RefreshMemory, writeRefreshMemory } from "./refresh_memory.ts";
import type { TokenState } from "./token_state.ts";

/** A refusal may be a mistake of the moment; the same one again is the site's word. */
const MAX_REFUSALS = 2;

export interface RefreshAttempt {
  /** The error to throw in place of `error`. */
  failed(error: unknown): Promise<unknown>;
}

/**
 * Notes that a refresh begins, before its request is on the way. Only with the token's lock held.
 *
 * @throws {AppError} `AUTH_NEEDED` where the site has refused this refresh token for good; `AUTH_REFUSED` with
 * `details: { reason: "limited" }` where it wants to be left alone for longer.
 */
export async function beginRefresh(
  ctx: Context,
  home: Home,
  app: string,
  { obtained_at }: TokenState,
): Promise<RefreshAttempt> {
  const before = await readRefreshMemory(home, app, { obtained_at }) ?? nothingOf(obtained_at);
  if (before.isFinal) throw authNeeded(app, finalWords(app, before));
  const { notBeforeMs = 0 } = before;
  if (notBeforeMs > ctx.clock.nowMs()) throw putOff(app, notBeforeMs);
  const lostMs = before.unansweredMs;
  await writeRefreshMemory(home, app, {
    ...before,
    unansweredMs: lostMs ?? ctx.clock.nowMs(),
  });
  const settle = (change: Partial<RefreshMemory>) =>
    writeRefreshMemory(home, app, { ...before, ...change });
  return {
    async failed(error) {
      if (!(error instanceof AppError)) return error;
      if (error.details["reason"] === "limited") {
        await settle({ notBeforeMs: waitEnd(error, ctx.clock.nowMs()) });
        return error;
      }
      if (isRefusal(error)) {
        const refusals = before.refusals + 1;
        const isFinal = refusals >= MAX_REFUSALS || isGrantRefused(error) || lostMs !== null;
        const memory = { ...before, refusals, isFinal, refusedMs: ctx.clock.nowMs() };
        await settle(memory);
        return authNeeded(app, refusedWords(app, memory), error);
      }
      // The request may have arrived: only an answer, or one that never left, says that it has not.
      if (!mayBeLost(error)) await settle({});
      return error;
    },
  };
}

/** A site that says "too many requests" is left alone for as long as it says, within a day; else for a minute. */
function waitEnd({ details: { retryAfter } }: AppError, nowMs: number): number {
  const wanted = retryAfterMs(typeof retryAfter === "string" ? retryAfter : undefined, nowMs);
  return nowMs + Math.min(wanted ?? 60_000, 24 * 3_600_000);
}

function putOff(app: string, notBeforeMs: number): AppError {
  const when = new Date(notBeforeMs).toISOString();
  return new AppError(
    "AUTH_REFUSED",
    `"${app}" has had too many requests; its token is not refreshed before ${when}`,
    {
      hint: `Try again later, or log in yourself: keysmith auth login ${app}`,
      details: { reason: "limited" },
    },
  );
}

function nothingOf(obtainedAt: number): RefreshMemory {
  return {
    obtained_at: obtainedAt,
    unansweredMs: null,
    refusals: 0,
    refusedMs: null,
    isFinal: false,
  };
}

/**
 * True for a no to the refresh token. Nothing in the request was typed, so a 400 or 401 (RFC 6749 section 5.2)
 * is one even where its words would speak of something else in a login.
 */
function isRefusal({ code, details }: AppError): boolean {
  const isNo = details["status"] === 400 || details["status"] === 401;
  return code === "AUTH_REFUSED" || code === "SCRIPT_FAILED" && isNo;
}

/** RFC 6749 section 5.2: the refresh token is invalid, expired or revoked. */
function isGrantRefused({ message }: AppError): boolean {
  return /invalid.?grant/i.test(message);
}

/** A gateway that got no answer (RFC 9110 sections 15.6.3 and 15.6.5) knows no more than who waits behind it. */
const LOST: ReadonlySet<unknown> = new Set([502, 504]);

function mayBeLost({ code, message, details }: AppError): boolean {
  if (code === "UPSTREAM_FAILED") return LOST.has(details["status"]);
  if (code === "UNREACHABLE") return !/connection refused|dns|lookup|host name/i.test(message);
  return code === "SCRIPT_LIMIT" || code === "INTERRUPTED";
}

function refusedWords(app: string, memory: RefreshMemory): string {
  if (memory.unansweredMs !== null) return lostWords(app, memory);
  return `"${app}" no longer accepts the refresh token`;
}

function finalWords(app: string, memory: RefreshMemory): string {
  if (memory.unansweredMs !== null) return lostWords(app, memory);
  const at = memory.refusedMs === null ? "" : ` at ${new Date(memory.refusedMs).toISOString()}`;
  return `"${app}" refused the refresh token for good${at}; it is not sent again`;
}

function lostWords(app: string, { unansweredMs }: RefreshMemory): string {
  const at = new Date(unansweredMs ?? 0).toISOString();
  return `The answer to the refresh of "${app}" at ${at} was lost on the way, and with it the new ` +
    "refresh token that it may have held; the old one is refused";
}
