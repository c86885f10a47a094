/**
 * A login whose prompts the stored answers may answer. What the site says of them is remembered, whoever
 * asked for the login: answers that were refused are not sent again by themselves.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { retryAfterMs } from "../http/retry_after.ts";
import { type Home, openHome } from "../store/home.ts";
import {
  digestAnswers,
  EMPTY_MEMORY,
  type LoginMemory,
  readLoginMemory,
  type RefusedLogin,
  writeLoginMemory,
} from "../token/login_memory.ts";
import { withTokenLock } from "../token/token_file.ts";
import { lastingOf } from "./lasting_answers.ts";
import { checkLabels, loginPlan } from "./login_plan.ts";
import { StoredAnswers } from "./stored_answers.ts";

/**
 * Runs a login that the user asked for.
 *
 * @throws {AppError} `NOT_FOUND` for an unknown app; `BAD_CONFIG` for an answer that no prompt asks for in place of one
 *   that is missing; what `work` throws.
 */
export async function withStoredAnswers<T>(
  ctx: Context,
  app: string,
  work: (ctx: Context) => Promise<T>,
): Promise<T> {
  const home = openHome(ctx);
  // Before any lock: its file would make a folder, and with it an app of that name.
  await home.requireApp(app);
  const { answers, record } = await loginPlan(ctx, home, app, { attended: true });
  const labels = [...answers].filter(([, { type }]) => type !== "confirm").map(([label]) => label);
  checkLabels(labels, record?.inputs ?? [], {
    app,
    what: `"apps.${app}.answers"`,
    code: "BAD_CONFIG",
  });
  const term = new StoredAnswers(ctx, home, answers);
  try {
    const result = await work({ ...ctx, term });
    await changeMemory(ctx, home, app, ({ begunMs }) => ({ ...EMPTY_MEMORY, begunMs }));
    return result;
  } catch (error) {
    const memory = await refusalOf(ctx, error, term);
    await changeMemory(ctx, home, app, (before) => {
      if (memory !== null) return { ...before, ...memory };
      return wantsToBeLeft(error) ? { ...before, ...failureAfter(ctx, before, error) } : before;
    });
    throw error;
  }
}

/** What a refusal leaves to remember; `null` where somebody else answered too, and may have been wrong. */
export async function refusalOf(
  ctx: Context,
  error: unknown,
  { given, passedOn }: StoredAnswers,
): Promise<Pick<LoginMemory, "refused" | "failures" | "lastFailure"> | null> {
  if (!(error instanceof AppError) || error.code !== "AUTH_REFUSED") return null;
  // What an API says of a token, or a site that is asked too often, says nothing of the answers.
  const { reason } = error.details;
  if (reason !== "refused" && reason !== "locked") return null;
  if (passedOn || given.length === 0) return null;
  const values = await lastingOf(ctx, given);
  const refused = {
    atMs: ctx.clock.nowMs(),
    message: ctx.redactor.redact(error.message),
    reason: reason as RefusedLogin["reason"],
    labels: values.map(([label]) => label),
    digest: digestAnswers(values),
  };
  return { refused, failures: 0, lastFailure: null };
}

function wantsToBeLeft(error: unknown): error is AppError {
  return error instanceof AppError && error.details["reason"] === "limited";
}

/** What a login that failed for another reason than the answers leaves to remember. */
export function failureAfter(
  ctx: Context,
  { failures }: LoginMemory,
  { message, details }: AppError,
): Pick<LoginMemory, "failures" | "lastFailure"> {
  const atMs = ctx.clock.nowMs();
  const { retryAfter } = details;
  const waitMs = retryAfterMs(typeof retryAfter === "string" ? retryAfter : undefined, atMs);
  const lastFailure = {
    atMs,
    message: ctx.redactor.redact(message),
    ...waitMs === null ? {} : { notBeforeMs: atMs + waitMs },
  };
  return { failures: failures + 1, lastFailure };
}

async function changeMemory(
  ctx: Context,
  home: Home,
  app: string,
  change: (memory: LoginMemory) => LoginMemory,
): Promise<void> {
  await withTokenLock(ctx, home, app, async () => {
    const before = await readLoginMemory(home, app);
    const after = change(before);
    if (JSON.stringify(after) !== JSON.stringify(before)) await writeLoginMemory(home, app, after);
  });
}
