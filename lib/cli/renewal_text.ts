/** Who renews a token, in words. */
import type { AuthStatus } from "../ops/auth_status.ts";
import type { ListedAccount } from "../ops/list_auth.ts";

type Renewal = Pick<
  AuthStatus,
  | "app"
  | "state"
  | "renewed_by"
  | "needs_consent"
  | "answers_refused_at"
  | "answers_of_another_user"
  | "renewal_not_before"
>;

/** `by itself: refresh token`, `nobody; log in again: keysmith auth login shop`. */
export function describeRenewal(
  renewal: Renewal,
): string {
  const { app, state, renewed_by, needs_consent, answers_refused_at, renewal_not_before } = renewal;
  const login = `keysmith auth login ${app}`;
  if (state === "none") return login;
  if (needs_consent && renewed_by === "nobody") {
    return `by itself, once you agree to the hosts of the login script: ${login}`;
  }
  if (renewed_by === "nobody" && renewal.answers_of_another_user) {
    return `nobody; the stored answers name another user than the one who is logged in: ${login}`;
  }
  if (renewed_by === "nobody") return `nobody; log in again: ${login}`;
  if (renewed_by !== "stored answers" || answers_refused_at === null) {
    const when = renewal_not_before === null
      ? ""
      : `, not before ${new Date(renewal_not_before * 1000).toISOString()}`;
    return `by itself: ${renewed_by}${when}`;
  }
  const at = new Date(answers_refused_at * 1000).toISOString();
  return `stored answers, once they change: refused at ${at}`;
}

/** Under a heading that says "RENEWED BY". */
export function renewerOf(
  { name, renewed_by, needs_consent }: Pick<ListedAccount, "name" | "renewed_by" | "needs_consent">,
): string {
  return needs_consent && renewed_by === "nobody"
    ? `by itself, after: keysmith auth login ${name}`
    : renewed_by;
}
