/**
 * The authorization servers a document would send the user and the client's credentials to. They are
 * destinations of a secret like the API itself; what the secret names stands in the same file as the
 * secret, and needs nobody's leave. Pure.
 */
import type { OAuthSource, SecretSource } from "../../base/config.ts";
import type { SecurityRequirement } from "../../openapi/security.ts";
import { flowFor, grantFor } from "./grant.ts";

/** Their origins, each once; none for secrets that are no OAuth. */
export function documentEndpoints(
  requirement: SecurityRequirement,
  source: SecretSource,
  baseUrl: string,
): string[] {
  if (source.type !== "oauth2") return [];
  const own = ownOrigins(source);
  const named = namedByDocument(requirement, source)
    .map((url) => URL.parse(url, baseUrl)?.origin)
    .filter((origin) => origin !== undefined && !own.includes(origin));
  return [...new Set(named as string[])];
}

function ownOrigins(source: OAuthSource): (string | undefined)[] {
  const { issuer, tokenURL, authorizationURL, deviceAuthorizationURL } = source;
  return [issuer, tokenURL, authorizationURL, deviceAuthorizationURL]
    .map((url) => url === null ? undefined : URL.parse(url)?.origin);
}

/** As `endpointsFor` takes them: an endpoint of the secret stands in for the document's. */
function namedByDocument(requirement: SecurityRequirement, source: OAuthSource): string[] {
  const flow = flowFor(requirement, grantFor(source, requirement));
  const metadata = source.issuer === null
    ? [requirement.openIdConnectUrl ?? requirement.oauth2MetadataUrl]
    : [];
  return [
    source.tokenURL ?? flow.tokenUrl,
    source.authorizationURL ?? flow.authorizationUrl,
    source.deviceAuthorizationURL ?? flow.deviceAuthorizationUrl,
    ...metadata,
  ].filter((url) => url !== null && url !== undefined);
}
