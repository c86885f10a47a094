/** Tells the redactor what of a token is secret. */
import type { Redactor } from "../base/redact.ts";
import { parseCookieHeader } from "../http/cookies.ts";
import { headerCredential, mayAuthenticate } from "./credential.ts";
import type { TokenState } from "./token_state.ts";

/**
 * Shorter values of cookies and headers are settings (`en-GB`, `light`, `true`), and masking them
 * would garble every text; no session identifier is that short. In UTF-16 units.
 */
const MIN_LENGTH = 8;

/** Registers every credential of the token. Texts printed from now on show a mask in its place. */
export function registerToken(redactor: Redactor, token: TokenState): void {
  for (const value of secretsOf(token)) {
    if (value.length >= MIN_LENGTH) redactor.add(value);
  }
  redactor.add(token.refresh_token);
  for (const { password } of token.computed) redactor.add(password);
}

function secretsOf(token: TokenState): string[] {
  const headers = Object.entries(token.headers).filter(([name]) => mayAuthenticate(name));
  return [
    ...headers.flatMap(([name, value]) =>
      name.toLowerCase() === "cookie"
        ? parseCookieHeader(value).map(([, cookie]) => cookie)
        : [headerCredential(value)]
    ),
    ...Object.values(token.query_params),
    ...Object.values(token.body_params).filter((value) => typeof value === "string"),
  ];
}
