/** Whether stored answers are of the user whose session they would renew: an account stays whose it is. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { matchingLabel } from "../base/labels.ts";
import { isIdentifierName } from "../http/vocabulary.ts";
import type { AuthInput, AuthRecord } from "../token/auth_file.ts";
import { authNeeded } from "../token/auth_needed.ts";
import type { Home } from "../store/home.ts";
import { readLoginName } from "../token/login_name.ts";
import { readToken } from "../token/token_file.ts";
import { lastingAnswers } from "./lasting_answers.ts";
import type { LoginPlan } from "./login_plan.ts";

/** `unknown`: there was a session, and nothing says whose. */
export type SessionUser = "same" | "unknown" | "nobody";

/** @throws {AppError} `AUTH_NEEDED` where the last login was told another name. */
export async function requireSameUser(
  ctx: Context,
  home: Home,
  app: string,
  { answers, record }: LoginPlan,
): Promise<SessionUser> {
  const input = identifierOf(record);
  if (input === undefined) return "nobody";
  const before = await readLoginName(home, app);
  if (before === null) return await readToken(home, app) === null ? "nobody" : "unknown";
  const [stored] = await lastingAnswers(ctx, home, answers, [input.label]);
  if (stored === undefined || isSameName(stored[1], before)) return "same";
  throw authNeeded(
    app,
    `The stored answer for "${input.label}" of "${app}" names another user than the one who is logged in, so it ` +
      "renews no session of theirs",
  );
}

/**
 * True where the stored answers are known to be of another user than the one who is logged in. Asks no program and
 * no keychain for who that is, so that no lock is opened for it.
 */
export async function namesAnotherUser(
  ctx: Context,
  home: Home,
  app: string,
  { answers, record }: LoginPlan,
): Promise<boolean> {
  const input = identifierOf(record);
  if (input === undefined) return false;
  const source = answers.get(matchingLabel(answers.keys(), input.label) ?? input.label);
  if (source === undefined || !["literal", "env", "file"].includes(source.type)) return false;
  const before = await readLoginName(home, app);
  if (before === null) return false;
  try {
    const [stored] = await lastingAnswers(ctx, home, answers, [input.label]);
    return stored !== undefined && !isSameName(stored[1], before);
  } catch (error) {
    if (error instanceof AppError && error.code === "NO_INPUT") return false;
    throw error;
  }
}

/** The prompt that asks who logs in. */
function identifierOf(record: AuthRecord | null): AuthInput | undefined {
  return record?.inputs.find(({ kind, label }) => kind === "identifier" || isIdentifierName(label));
}

/** Most sites take names and addresses in any case. */
function isSameName(one: string, other: string): boolean {
  const plain = (name: string) => name.normalize("NFC").trim().toLowerCase();
  return plain(one) === plain(other);
}
