/**
 * Accounts of an app, and its environments: `shop@bob` and `shop:staging` beside `shop`, and both together as
 * `shop:staging@bob`. Each has its own token, answers and consent; recording, script and tools are the app's,
 * in an environment with other hosts.
 */
import { AppError } from "../base/error.ts";

export interface AccountName {
  readonly app: string;
  /** `null` where the recorded hosts are meant. */
  readonly environment: string | null;
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
  "login_name.json",
  "environment.json",
];

/** @throws {AppError} `USAGE` for what cannot be one; the app's name is for the home to judge. */
export function accountName(name: string): AccountName {
  const [place = "", account = null] = splitAt(name, "@");
  const [app = "", environment = null] = splitAt(place, ":");
  if (account !== null && !isAccount(account)) throw noName(name, "account", "@", "shop@bob");
  if (environment !== null && !isAccount(environment)) {
    throw noName(name, "environment", ":", "shop:staging");
  }
  return { app, environment, account };
}

export function joinedName({ app, environment, account }: AccountName): string {
  const place = environment === null ? app : `${app}:${environment}`;
  return account === null ? place : `${place}@${account}`;
}

/** True for the name of an account or an environment. */
export function isPartOfApp(name: string): boolean {
  return /[@:]/.test(name);
}

function splitAt(text: string, mark: string): string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function noName(name: string, what: string, mark: string, example: string): AppError {
  return new AppError("USAGE", `"${name}" is not the name of an ${what}`, {
    hint:
      `Use lower-case letters and digits joined by ".", "_" or "-" behind the "${mark}", such as ` +
      `"${example}"; at most ${MAX_ACCOUNT_LENGTH} characters`,
    details: { name },
  });
}

export function isAccount(account: string): boolean {
  return account.length <= MAX_ACCOUNT_LENGTH && ACCOUNT.test(account);
}

/** The app of an account or an environment; an app's own name as it is. */
export function appOf(name: string): string {
  return accountName(name).app;
}

export function isOwnFile(fileName: string): boolean {
  return OWN_FILES.includes(fileName);
}
