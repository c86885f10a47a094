/** A credential that has to be had before an alternative can be judged, and what came of asking for it. */
import type { ErrorCode } from "../base/error.ts";
import type { SecretConfig } from "../base/config.ts";
import type { SecurityRequirement } from "../openapi/security.ts";
import type { Credential } from "./credential.ts";

export interface Need {
  /** The same for needs that the same credential meets, so that no source is asked twice in a call. */
  readonly id: string;
  readonly secret: SecretConfig;
  /** Every requirement of the alternative that this secret is to satisfy. */
  readonly requirements: readonly SecurityRequirement[];
  /** Of OAuth: all scopes these requirements and the secret ask for, sorted. */
  readonly scopes: readonly string[];
}

export type NeedOutcome =
  | {
    readonly kind: "credential";
    readonly credential: Credential;
    /** How it was had, for explanations: `cached token`; may be empty. */
    readonly note: string;
  }
  /** Only the user can get it, in a browser or at a prompt. */
  | { readonly kind: "interactive-required"; readonly reason: string; readonly hint: string | null }
  | {
    readonly kind: "failed";
    readonly reason: string;
    readonly hint: string | null;
    /** When it is more than a missing credential: the server refused it, or did not answer. */
    readonly code: ErrorCode | null;
  };

/**
 * Collects the needs of an alternative: requirements that the same secret source satisfies are one need,
 * with the scopes of all of them.
 */
export function needsOf(
  planned: readonly { readonly requirement: SecurityRequirement; readonly secret: SecretConfig }[],
  extraScopes: readonly string[],
): Need[] {
  const groups = new Map<string, { secret: SecretConfig; requirements: SecurityRequirement[] }>();
  for (const { requirement, secret } of planned) {
    const key = JSON.stringify(secret.source);
    const group = groups.get(key) ?? { secret, requirements: [] };
    group.requirements.push(requirement);
    groups.set(key, group);
  }
  return [...groups].map(([key, { secret, requirements }]) => {
    const scopes = oauthScopes(secret, requirements, extraScopes);
    return { id: [key, ...scopes].join(" "), secret, requirements, scopes };
  });
}

function oauthScopes(
  secret: SecretConfig,
  requirements: readonly SecurityRequirement[],
  extraScopes: readonly string[],
): string[] {
  if (secret.source.type !== "oauth2") return [];
  const asked = requirements.flatMap(({ type, scopes }) =>
    type === "oauth2" || type === "openIdConnect" ? scopes : []
  );
  return [...new Set([...secret.source.scopes, ...asked, ...extraScopes])].sort();
}
