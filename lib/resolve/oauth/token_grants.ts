/** The requests that yield a token without the user: client credentials and refresh. */
import * as oauth from "oauth4webapi";
import { jwtExpiresAtSec } from "../../http/jwt.ts";
import type { OAuthClient } from "./client.ts";
import { SecretProblem } from "../secret_problem.ts";
import { proofOption, withNonce } from "./proof_key.ts";
import type { CachedToken } from "./token_cache.ts";
import { type OAuthContext, oauthProblem, requestOptions } from "./token_request.ts";

const TOKEN_ENDPOINT = "the token endpoint";

/** RFC 6749 section 4.4. @throws {SecretProblem}. */
export async function clientCredentialsGrant(
  ctx: OAuthContext,
  client: OAuthClient,
  scopes: readonly string[],
): Promise<CachedToken> {
  try {
    const answer = await withNonce(async () => {
      const response = await oauth.clientCredentialsGrantRequest(
        client.server,
        client.client,
        client.authentication,
        { ...client.parameters, ...scopeParameter(scopes) },
        { ...requestOptions(ctx, client.server.token_endpoint!), ...proofOption(client) },
      );
      return await oauth.processClientCredentialsResponse(client.server, client.client, response);
    });
    return tokenFrom(ctx, answer, scopes, client);
  } catch (error) {
    throw oauthProblem(error, TOKEN_ENDPOINT, client.refusedHint);
  }
}

/**
 * RFC 6749 section 6. The answer may hold a new refresh token, which replaces the old one; without one
 * the old one stays good.
 *
 * @throws {SecretProblem}; `isInvalidGrant` tells whether the refresh token is no longer good.
 */
export async function refreshGrant(
  ctx: OAuthContext,
  client: OAuthClient,
  token: CachedToken & { readonly refresh_token: string },
): Promise<CachedToken> {
  ctx.redactor.addPassing(token.refresh_token);
  try {
    const answer = await withNonce(async () => {
      const response = await oauth.refreshTokenGrantRequest(
        client.server,
        client.client,
        client.authentication,
        token.refresh_token,
        {
          ...requestOptions(ctx, client.server.token_endpoint!),
          ...proofOption(client),
          additionalParameters: client.parameters,
        },
      );
      return await oauth.processRefreshTokenResponse(client.server, client.client, response);
    });
    const fresh = tokenFrom(ctx, answer, token.scopes, client);
    return { ...fresh, refresh_token: fresh.refresh_token ?? token.refresh_token };
  } catch (error) {
    throw oauthProblem(error, TOKEN_ENDPOINT, client.refusedHint);
  }
}

export function scopeParameter(scopes: readonly string[]): { scope?: string } {
  return scopes.length === 0 ? {} : { scope: scopes.join(" ") };
}

/** A token answer as it is kept. Its secrets are registered. @throws {SecretProblem} for one that is not bound. */
export function tokenFrom(
  ctx: OAuthContext,
  answer: oauth.TokenEndpointResponse,
  requested: readonly string[],
  { proof }: Pick<OAuthClient, "proof">,
): CachedToken {
  ctx.redactor.addPassing(answer.access_token);
  ctx.redactor.addPassing(answer.refresh_token);
  ctx.redactor.add(proof?.key.d);
  // RFC 9449 section 5: whoever asked for a bound token does without one that is not.
  if (proof !== null && answer.token_type !== "dpop") {
    throw new SecretProblem(`${TOKEN_ENDPOINT} answered a token that is bound to no key`, {
      hint: `Leave out "dpop" of the secret where bearer tokens will do`,
    });
  }
  const nowSec = Math.floor(ctx.clock.nowMs() / 1000);
  const granted = answer.scope?.split(/\s+/).filter((scope) => scope !== "") ?? [];
  return {
    access_token: answer.access_token,
    refresh_token: answer.refresh_token ?? null,
    scopes: [...new Set([...requested, ...granted])].sort(),
    expires_at: answer.expires_in === undefined
      ? jwtExpiresAtSec(answer.access_token) ?? null
      : nowSec + Math.floor(answer.expires_in),
    obtained_at: nowSec,
    ...(proof === null ? {} : { proof_key: proof.key }),
  };
}
