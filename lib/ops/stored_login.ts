/**
 * A login whose prompts the stored answers may answer. What the site says of them is remembered, whoever
 * asked for the login: answers that were refused are not sent again by themselves.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { type Home, openHome } from "../store/home.ts";
import {
  digestAnswers,
  EMPTY_MEMORY,
  type LoginMemory,
  readLoginMemory,
  writeLoginMemory,
} from "../token/login_memory.ts";
import { withTokenLock } from "../token/token_file.ts";
import { lastingOf } from "./lasting_answers.ts";
import { checkLabels, loginPlan } from "./login_plan.ts";
import { StoredAnswers } from "./stored_answers.ts";

/**
 * Runs a login that the user asked for.
 *
 * @throws {AppError} `BAD_CONFIG` for an answer that no prompt asks for in place of one that is missing; what `work` throws.
 */
export async function withStoredAnswers<T>(
  ctx: Context,
  app: string,
  work: (ctx: Context) => Promise<T>,
): Promise<T> {
  const home = openHome(ctx);
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
    if (memory !== null) await changeMemory(ctx, home, app, (before) => ({ ...before, ...memory }));
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
  if (passedOn || given.length === 0) return null;
  const values = await lastingOf(ctx, given);
  const refused = {
    atMs: ctx.clock.nowMs(),
    message: ctx.redactor.redact(error.message),
    reason: error.details["reason"] === "locked" ? "locked" as const : "refused" as const,
    labels: values.map(([label]) => label),
    digest: digestAnswers(values),
  };
  return { refused, failures: 0, lastFailure: null };
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
