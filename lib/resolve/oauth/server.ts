/** The authorization server of a secret: endpoints from the secret, the document, then discovery. */
import type * as oauth from "oauth4webapi";
import type { OAuthSource } from "../../base/config.ts";
import type { SecurityRequirement } from "../../openapi/security.ts";
import type { Home } from "../../store/home.ts";
import { SecretProblem } from "../secret_problem.ts";
import { type MetadataPlace, serverMetadata } from "./discovery.ts";
import { flowFor, type Grant } from "./grant.ts";
import type { OAuthContext } from "./token_request.ts";

export interface AuthorizationEndpoints {
  /** As `oauth4webapi` takes it; only what is known is set. */
  readonly server: oauth.AuthorizationServer;
  /** False when the issuer is not known, only its endpoints. */
  readonly issuerKnown: boolean;
}

/** What names the server before anything is asked of it. */
export function serverName(
  source: OAuthSource,
  requirement: SecurityRequirement,
  grant: Grant,
): string {
  const flow = flowFor(requirement, grant);
  return source.issuer ?? source.tokenURL ?? requirement.openIdConnectUrl ??
    requirement.oauth2MetadataUrl ?? flow.tokenUrl ?? flow.authorizationUrl ?? "";
}

/**
 * The endpoints the grant needs. Discovery is only asked when secret and document leave one open.
 *
 * @param baseUrl What relative URLs of the document are relative to.
 * @throws {SecretProblem} naming the endpoint that nobody names.
 */
export async function endpointsFor(
  ctx: OAuthContext,
  home: Home,
  source: OAuthSource,
  requirement: SecurityRequirement,
  grant: Grant,
  baseUrl: string,
): Promise<AuthorizationEndpoints> {
  const flow = flowFor(requirement, grant);
  const absolute = (url: string | null | undefined) =>
    url === null || url === undefined ? undefined : URL.parse(url, baseUrl)?.href;
  const known = {
    token_endpoint: source.tokenURL ?? absolute(flow.tokenUrl),
    authorization_endpoint: source.authorizationURL ?? absolute(flow.authorizationUrl),
    device_authorization_endpoint: source.deviceAuthorizationURL ??
      absolute(flow.deviceAuthorizationUrl),
  };
  const wanted = ["token_endpoint", ...GRANT_ENDPOINTS[grant]] as (keyof typeof known)[];
  const isComplete = wanted.every((endpoint) => known[endpoint] !== undefined);
  const place = isComplete && source.issuer === null ? null : metadataPlace(source, requirement);
  const metadata = place === null || isComplete && grant === "clientCredentials"
    ? null
    : await serverMetadata(ctx, home, place);
  const given = Object.fromEntries(
    Object.entries(known).filter(([, url]) => url !== undefined),
  );
  const server: oauth.AuthorizationServer = {
    ...(metadata ?? { issuer: source.issuer ?? known.token_endpoint ?? "" }),
    ...given,
  };
  const missing = wanted.find((endpoint) => server[endpoint] === undefined);
  if (missing !== undefined) throw noEndpoint(missing, place);
  return { server, issuerKnown: metadata !== null || source.issuer !== null };
}

const GRANT_ENDPOINTS: Readonly<Record<Grant, readonly string[]>> = {
  clientCredentials: [],
  authorizationCode: ["authorization_endpoint"],
  deviceAuthorization: ["device_authorization_endpoint"],
};

/** The user's issuer comes before what the document says. */
function metadataPlace(
  source: OAuthSource,
  requirement: SecurityRequirement,
): MetadataPlace | null {
  if (source.issuer !== null) return { kind: "issuer", url: source.issuer };
  const url = requirement.openIdConnectUrl ?? requirement.oauth2MetadataUrl;
  return url === null || !URL.canParse(url) ? null : { kind: "document", url };
}

const SETTINGS: Readonly<Record<string, string>> = {
  token_endpoint: "tokenURL",
  authorization_endpoint: "authorizationURL",
  device_authorization_endpoint: "deviceAuthorizationURL",
};

function noEndpoint(endpoint: string, place: MetadataPlace | null): SecretProblem {
  const words = endpoint.replaceAll("_", " ");
  const where = place === null
    ? "neither the secret nor the document names one"
    : `${place.url} names none`;
  return new SecretProblem(`there is no ${words}: ${where}`, {
    hint: `Set "${SETTINGS[endpoint]}" or "issuer" in the secret`,
  });
}
