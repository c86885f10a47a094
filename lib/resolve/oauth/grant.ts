/** Which OAuth grant is used for a secret and a scheme, and which are refused by name. Pure. */
import type { OAuthMode, OAuthSource } from "../../base/config.ts";
import type { OAuthFlow, SecurityRequirement } from "../../openapi/security.ts";

export type Grant = "clientCredentials" | "authorizationCode" | "deviceAuthorization";

type RefusedMode = "implicit" | "password";

/**
 * The grant: the secret's mode, else the document's flow that suits the secret (client credentials when
 * there is a client secret or key), else authorization code.
 */
export function grantFor(source: OAuthSource, requirement: SecurityRequirement): Grant {
  if (source.mode !== null && !isRefused(source.mode)) return source.mode;
  const declared = requirement.flows.map(({ type }) => type);
  const isConfidential = source.clientSecret !== null || source.privateKey !== null;
  if (isConfidential && declared.includes("clientCredentials")) return "clientCredentials";
  if (declared.includes("authorizationCode")) return "authorizationCode";
  if (declared.includes("deviceAuthorization")) return "deviceAuthorization";
  if (declared.includes("clientCredentials")) return "clientCredentials";
  if (source.deviceAuthorizationURL !== null && source.authorizationURL === null) {
    return "deviceAuthorization";
  }
  const isMachineOnly = isConfidential && declared.length === 0 &&
    source.authorizationURL === null &&
    source.tokenURL !== null;
  return isMachineOnly ? "clientCredentials" : "authorizationCode";
}

/**
 * Why no grant can be used: the secret names a refused one, or the document knows nothing else and the
 * secret does not say where else to go (RFC 9700 sections 2.1.2 and 2.4).
 */
export function grantRefusal(source: OAuthSource, requirement: SecurityRequirement): string | null {
  if (source.mode !== null) {
    return isRefused(source.mode) ? `the ${source.mode} flow is refused` : null;
  }
  const declared = requirement.flows.map(({ type }) => type);
  const hasOwnEndpoint = source.tokenURL !== null || source.issuer !== null;
  const only = declared.filter((type) => isRefused(type));
  if (declared.length === 0 || only.length < declared.length || hasOwnEndpoint) return null;
  return `the document offers only the ${only.join(" and ")} flow, which is refused`;
}

/** The document's flow whose endpoints serve a grant. An implicit flow lends its authorization endpoint. */
export function flowFor(requirement: SecurityRequirement, grant: Grant): Partial<OAuthFlow> {
  const exact = requirement.flows.find(({ type }) => type === grant);
  if (exact !== undefined) return exact;
  const implicit = requirement.flows.find(({ type }) => type === "implicit");
  if (grant !== "authorizationCode" || implicit === undefined) return {};
  return { authorizationUrl: implicit.authorizationUrl };
}

function isRefused(mode: OAuthMode): mode is RefusedMode {
  return mode === "implicit" || mode === "password";
}
