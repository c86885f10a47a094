/** Token revocation (RFC 7009), where the server's metadata names an endpoint. */
import * as oauth from "oauth4webapi";
import { SecretProblem } from "../secret_problem.ts";
import type { OAuthAccount } from "./acquire.ts";
import type { CachedToken } from "./token_cache.ts";
import { type OAuthContext, oauthProblem, requestOptions } from "./token_request.ts";

/**
 * Tells the server that tokens are no longer used. Answers the tokens it took back; none where it has no
 * revocation endpoint. A server that refuses or does not answer is not insisted on: the tokens are
 * forgotten here in any case.
 */
export async function revokeTokens(
  ctx: OAuthContext,
  account: OAuthAccount,
  tokens: readonly CachedToken[],
): Promise<number> {
  let revoked = 0;
  try {
    const { server, client, authentication } = await account.client();
    const endpoint = server.revocation_endpoint;
    if (endpoint === undefined) return 0;
    for (const text of tokens.map((token) => token.refresh_token ?? token.access_token)) {
      if (text === null) continue;
      const options = requestOptions(ctx, endpoint);
      const response = await oauth.revocationRequest(server, client, authentication, text, options);
      await oauth.processRevocationResponse(response);
      revoked++;
    }
  } catch (error) {
    const problem = oauthProblem(error, "the revocation endpoint");
    if (!(problem instanceof SecretProblem)) throw problem;
  }
  return revoked;
}
