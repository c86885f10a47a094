/** What a token is, told to people: what it consists of, and what its trial showed. */
import type { LoginOutput } from "../ops/login.ts";
import type { KeptToken } from "../ops/keep_given_token.ts";

/** What a recorded request, sent with and without the credentials, showed. */
export const PROBE_WORDS: Readonly<Record<LoginOutput["probe"], string>> = {
  confirmed: "checked: the API answers differently with the token than without",
  inconclusive: "not checked: the API's answers with and without the token do not tell",
  failed: "the API does not take the token",
  none:
    "not checked: the recording holds no request that is safe to try; an end of the session is " +
    "noticed where the site says so plainly (401, a page to log in)",
};

/** `header Authorization, cookie sid, refresh token`. Names alone. */
export function storedWords({ stored }: Pick<KeptToken, "stored">): string {
  const named = (what: string, names: readonly string[]) => names.map((name) => `${what} ${name}`);
  return [
    ...named("header", stored.headers),
    ...named("cookie", stored.cookies),
    ...named("query parameter", stored.query_params),
    ...named("body parameter", stored.body_params),
    ...(stored.refresh_token ? ["refresh token"] : []),
  ].join(", ");
}
