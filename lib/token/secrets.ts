/** Tells the redactor what of a token is secret. */
import type { Redactor } from "../base/redact.ts";
import { bareCredential } from "../http/auth_scheme.ts";
import { isDigest, keyOf } from "../http/computed_credential.ts";
import { parseCookieHeader } from "../http/cookies.ts";
import { secretsOfKey } from "../http/key_proof.ts";
import { percentDecode } from "../http/url.ts";
import { mayAuthenticate } from "./credential.ts";
import type { TokenState } from "./token_state.ts";

/**
 * Shorter values of cookies and headers are settings (`en-GB`, `light`, `true`), and masking them
 * would garble every text; no session identifier is that short. In UTF-16 units.
 */
const MIN_LENGTH = 8;

/** Registers every credential of the token. Texts printed from now on show a mask in its place. */
export function registerToken(redactor: Redactor, token: TokenState): void {
  for (const value of secretsOf(token)) {
    if (value.length >= MIN_LENGTH) redactor.addPassing(value);
  }
  redactor.addPassing(token.refresh_token);
  for (const { password } of token.computed.filter(isDigest)) redactor.add(password);
  for (const secret of secretsOfKey(keyOf(token.computed)?.key ?? {})) redactor.add(secret);
}

function secretsOf(token: TokenState): string[] {
  const headers = Object.entries(token.headers).filter(([name]) => mayAuthenticate(name));
  return [
    ...headers.flatMap(([name, value]) =>
      name.toLowerCase() === "cookie"
        ? parseCookieHeader(value).filter((cookie) => !namesSomebody(cookie))
          .map(([, cookie]) => cookie)
        : [bareCredential(value)]
    ),
    ...Object.values(token.query_params),
    ...Object.values(token.body_params).filter((value) => typeof value === "string"),
  ];
}

/**
 * True for a cookie that says who is logged in and proves nothing: named for it, and with a value that
 * people go by. Answers show it again, and it is what they are asked for.
 */
function namesSomebody([name, value]: readonly [name: string, value: string]): boolean {
  const isNamed = /(user|login|account|display|full|nick)[_-]?name$|^(user|login|nick|e?mail)$/i
    .test(name);
  return isNamed && /^\p{L}+([ ._@+-]\p{L}+)*\d{0,4}$/u.test(percentDecode(value));
}
