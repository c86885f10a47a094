/**
 * Accounts of an app: `shop@bob` beside `shop`. An account has its own token, answers and consent; recording,
 * script and tools are the app's.
 */
import { AppError } from "../base/error.ts";

export interface AccountName {
  readonly app: string;
  /** `null` for the app's own account, which needs no name. */
  readonly account: string | null;
}

const ACCOUNT = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const MAX_ACCOUNT_LENGTH = 64;

/** What of the home an account has for itself. */
const OWN_FILES: readonly string[] = [
  "token.json",
  "logins.json",
  "consent.json",
  "refresh.json",
  "session_signs.json",
  "last_use",
];

/** @throws {AppError} `USAGE` for an account that cannot be one; the app's name is for the home to judge. */
export function accountName(name: string): AccountName {
  const at = name.indexOf("@");
  if (at < 0) return { app: name, account: null };
  const account = name.slice(at + 1);
  if (isAccount(account)) return { app: name.slice(0, at), account };
  throw new AppError("USAGE", `"${name}" is not the name of an account`, {
    hint: `Use lower-case letters and digits joined by ".", "_" or "-" behind the "@", such as ` +
      `"shop@bob"; at most ${MAX_ACCOUNT_LENGTH} characters`,
    details: { name },
  });
}

export function isAccount(account: string): boolean {
  return account.length <= MAX_ACCOUNT_LENGTH && ACCOUNT.test(account);
}

/** The app of an account; an app's own name as it is. */
export function appOf(name: string): string {
  return accountName(name).app;
}

export function isOwnFile(fileName: string): boolean {
  return OWN_FILES.includes(fileName);
}
