/** Why a requirement cannot be satisfied whatever its secret holds: decided before anything is asked. Pure. */
import type { OAuthSource, SecretConfig, SecretSource } from "../base/config.ts";
import { textSourcesIn } from "../base/config_sources.ts";
import type { SecurityRequirement } from "../openapi/security.ts";
import { changeOf } from "./approval.ts";
import type { ResolutionInput } from "./resolution_input.ts";
import { unsupportedReason, wantsAwsSignature } from "./fit.ts";
import { grantRefusal } from "./oauth/grant.ts";
import { documentEndpoints } from "./oauth/document_endpoints.ts";

export interface Refusal {
  readonly reason: string;
  readonly hint: string | null;
}

/** `null` when the requirement is worth asking its secret for. */
export function refusalOf(
  input: ResolutionInput,
  requirement: SecurityRequirement,
  secret: SecretConfig | null,
  keys: readonly string[],
): Refusal | null {
  const unsupported = unsupportedReason(requirement);
  if (unsupported !== null) return { reason: unsupported, hint: null };
  if (secret === null) {
    const [own, shared] = keys;
    return {
      reason: `no secret is configured: looked for "${own}" and "${shared}"`,
      hint: `Add "${own}" under "secrets" of the configuration`,
    };
  }
  return typeRefusal(requirement, secret.source) ??
    policyRefusal(input, secret) ??
    changeRefusal(input, requirement) ??
    originRefusal(input, requirement, secret) ??
    awsRefusal(input, secret.source) ??
    (secret.source.type === "oauth2" ? oauthRefusal(requirement, secret.source) : null);
}

/** Sources that can never fill the scheme. */
function typeRefusal(requirement: SecurityRequirement, source: SecretSource): Refusal | null {
  const isAttached = requirement.type === "undeclared";
  if (isAttached || source.type === "app") return null;
  const wants = wantsAwsSignature(requirement) ? "awsSigv4" : requirement.type;
  const isCertificateText = wants === "mutualTLS" && "prefix" in source;
  if (source.type === "certificate" && wants !== "mutualTLS") {
    return { reason: "a client certificate is not what this scheme asks for", hint: null };
  }
  if (wants === "mutualTLS" && source.type !== "certificate" && !isCertificateText) {
    return { reason: `a secret of type "certificate" is needed`, hint: null };
  }
  if (wants === "awsSigv4" && source.type !== "awsSigV4") {
    return { reason: `an AWS signature is needed: a secret of type "awsSigV4"`, hint: null };
  }
  const isPassword = requirement.scheme === "basic" || requirement.scheme === "digest";
  if (source.type === "oauth2" && isPassword) {
    return { reason: `an OAuth token is not a user name and password`, hint: null };
  }
  return null;
}

function policyRefusal(input: ResolutionInput, { source }: SecretConfig): Refusal | null {
  if (input.policy.allowExecSecrets) return null;
  if (!textSourcesIn(source).some(({ type }) => type === "exec")) return null;
  return {
    reason: "secrets of type exec are switched off",
    hint: `Set "policy: { allowExecSecrets: true }" in your own configuration file`,
  };
}

function changeRefusal(input: ResolutionInput, requirement: SecurityRequirement): Refusal | null {
  if (input.configured.has(requirement.name)) return null;
  const change = changeOf(input.approval, requirement);
  if (change === null) return null;
  return {
    reason: `the document changed this scheme from ${change.before} to ${change.now}`,
    hint: approveHint(input),
  };
}

/** The request's own origin, and each that the document would have a client secret sent to. */
function originRefusal(
  input: ResolutionInput,
  requirement: SecurityRequirement,
  secret: SecretConfig,
): Refusal | null {
  const { target } = input;
  const endpoints = documentEndpoints(requirement, secret.source, input.baseUrl);
  return [target, ...endpoints]
    .map((origin) => destinationRefusal(input, secret, origin))
    .find((refusal) => refusal !== null) ?? null;
}

/**
 * A secret goes to the origins of its service and to its own. Secrets of the user's own file do not
 * serve a service that a file in the working folder defined until the user says so. This machine is not an
 * exception: a port may be another user's, or be taken by whatever the folder starts.
 */
function destinationRefusal(
  input: ResolutionInput,
  secret: SecretConfig,
  origin: string,
): Refusal | null {
  const { service, approval } = input;
  if (secret.origins !== null && !secret.origins.includes(origin)) {
    return {
      reason: `the secret may not go to ${origin}`,
      hint: `Its "origins" name where it may go`,
    };
  }
  const isApproved = secret.origins !== null || (approval?.userOrigins.includes(origin) ?? false);
  if (service.isForeign && secret.origin.layer !== "project" && !isApproved) {
    return {
      reason: `a secret of your own configuration is not yet approved for ${origin}`,
      hint: approveHint(input),
    };
  }
  const isAllowed = origin === input.target
    ? service.origins.includes(origin)
    : isApproved || service.endpointOrigins.includes(origin);
  return isAllowed ? null : {
    reason: `secrets of "${service.name}" may not go to ${origin}`,
    hint: `Add it to "origins" of the service, or: ${approveHint(input)}`,
  };
}

/** Hosts of AWS name service and region; a signature for another host needs both. */
function awsRefusal({ target }: ResolutionInput, source: SecretSource): Refusal | null {
  if (source.type !== "awsSigV4" || source.region !== null && source.service !== null) return null;
  if (/\.(amazonaws\.com(\.cn)?|on\.aws)$/.test(new URL(target).hostname)) return null;
  return {
    reason: `the host of ${target} does not name an AWS region and service`,
    hint: `Set "region" and "service" in the secret`,
  };
}

function approveHint({ service }: ResolutionInput): string {
  return `keysmith config approve ${service.name}`;
}

function oauthRefusal(requirement: SecurityRequirement, source: OAuthSource): Refusal | null {
  const reason = grantRefusal(source, requirement);
  if (reason === null) return null;
  return {
    reason,
    hint: `Set "mode: authorizationCode" with "authorizationURL" and "tokenURL" (or "issuer") ` +
      `in the secret, or use a token from another source`,
  };
}
