/**
 * A login that nobody attends: when a session has ended, no refresh helps and every prompt has a source.
 * It runs with the token's lock held, so that any number of processes log in once. A site that was told
 * wrong credentials is not told them again, a site that fails is left alone for longer each time, and
 * there are never more than so many logins within an hour. Whoever was logged in stays it: answers of
 * another user renew nothing.
 */
import type { Context, Terminal } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { Home } from "../store/home.ts";
import {
  areSameAnswers,
  EMPTY_MEMORY,
  type LoginMemory,
  nextLoginMs,
  readLoginMemory,
  recentLogins,
  type RefusedLogin,
  writeLoginMemory,
} from "../token/login_memory.ts";
import { authNeeded } from "../token/auth_needed.ts";
import { type NewLogin } from "../token/refresh.ts";
import type { TokenState } from "../token/token_state.ts";
import { type LoginPlan, loginPlan } from "./login_plan.ts";
import { lastingAnswers } from "./lasting_answers.ts";
import { requireSameUser } from "./same_user.ts";
import { failureAfter, refusalOf } from "./stored_login.ts";
import { StoredAnswers } from "./stored_answers.ts";

export function automaticLogin(ctx: Context, home: Home, app: string): NewLogin {
  return async (cause) => {
    const plan = await loginPlan(ctx, home, app);
    if (!plan.isAgreed || !plan.isAnswered) throw cause;
    const memory = await readLoginMemory(home, app);
    await requireLeave(ctx, home, app, plan, memory);
    const user = await requireSameUser(ctx, home, app, plan);
    const token = await logIn(ctx, home, app, plan, memory);
    const doubt = user === "unknown" ? "; whether as the same user as before is not known" : "";
    ctx.term.err(`logged in to "${app}" with the stored answers${doubt}`);
    return token;
  };
}

/** @throws {AppError} `AUTH_NEEDED` where the login may not be tried, or not yet. */
async function requireLeave(
  ctx: Context,
  home: Home,
  app: string,
  { answers }: LoginPlan,
  memory: LoginMemory,
): Promise<void> {
  const nowMs = ctx.clock.nowMs();
  const { refused } = memory;
  if (refused !== null) {
    const now = await lastingAnswers(ctx, home, answers, refused.labels);
    if (areSameAnswers(now, refused.digest)) throw refusedBefore(app, refused);
  }
  const nextMs = nextLoginMs(memory, nowMs);
  if (nextMs > nowMs) throw notYet(app, memory, nextMs);
}

async function logIn(
  ctx: Context,
  home: Home,
  app: string,
  { answers, record }: LoginPlan,
  before: LoginMemory,
): Promise<TokenState> {
  // Few calls come to a login, and it is most of the program.
  const { freshToken } = await import("./login.ts");
  const nowMs = ctx.clock.nowMs();
  const begun = { ...before, begunMs: [...recentLogins(before, nowMs), nowMs] };
  await writeLoginMemory(home, app, begun);
  const term = new StoredAnswers({ ...ctx, term: unattended(ctx.term, app) }, home, answers);
  try {
    // Whoever agreed to run this very script unproven has said so for its later logins as well.
    const { token } = await freshToken({ ...ctx, term }, home, {
      app,
      unproven: record?.proof?.passed !== true,
    });
    await writeLoginMemory(home, app, { ...EMPTY_MEMORY, begunMs: begun.begunMs });
    return token;
  } catch (error) {
    await remember(ctx, home, app, begun, error, term);
    throw error;
  }
}

async function remember(
  ctx: Context,
  home: Home,
  app: string,
  memory: LoginMemory,
  error: unknown,
  term: StoredAnswers,
): Promise<void> {
  if (!(error instanceof AppError) || error.code === "INTERRUPTED") return;
  const refusal = await refusalOf(ctx, error, term);
  if (refusal !== null) return await writeLoginMemory(home, app, { ...memory, ...refusal });
  // A source without an answer is nothing the site has to be spared.
  const after = failureAfter(ctx, memory, error);
  const isSites = term.given.length > 0 || error.code !== "NO_INPUT";
  const failures = isSites ? after.failures : memory.failures;
  await writeLoginMemory(home, app, { ...memory, ...after, failures });
}

/** Says what the script says; asks nobody. */
function unattended(term: Terminal, app: string): Terminal {
  const refuse = (label: string) =>
    Promise.reject(
      new AppError("NO_INPUT", `Nobody is asked for "${label}" in a login by itself`, {
        hint: `keysmith auth login ${app}`,
        details: { label },
      }),
    );
  return {
    interactive: false,
    out: (text) => term.err(text),
    err: (text) => term.err(text),
    promptText: refuse,
    promptSecret: refuse,
    confirm: refuse,
  };
}

function refusedBefore(app: string, { reason, atMs, message }: RefusedLogin): AppError {
  const when = new Date(atMs).toISOString();
  return new AppError(
    "AUTH_NEEDED",
    `The stored answers of "${app}" were refused at ${when} and have not changed since, so they ` +
      `are not sent again: ${message}`,
    {
      hint: reason === "locked"
        ? `Unlock the account at the site, then: keysmith auth login ${app}`
        : `Change the stored answer, or log in yourself: keysmith auth login ${app}`,
      details: { reason },
    },
  );
}

function notYet(app: string, { lastFailure, failures }: LoginMemory, nextMs: number): AppError {
  const next = new Date(nextMs).toISOString();
  const why = lastFailure === null || failures === 0
    ? `"${app}" was logged in to by itself too often within an hour`
    : `The last login of "${app}" by itself failed: ${lastFailure.message}`;
  return authNeeded(app, `${why}; the next is not before ${next}`);
}
