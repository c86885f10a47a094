/**
 * What an operation asks for, with what the configuration attaches where the document says nothing: more
 * than half of all operations in public documents. Pure.
 */
import type { AttachedScheme } from "../base/config.ts";
import type {
  OperationSecurity,
  SecurityAlternative,
  SecurityRequirement,
  SecurityScheme,
} from "../openapi/security.ts";

export interface AskedSecurity {
  readonly alternatives: readonly SecurityAlternative[];
  /** Names of the schemes that the configuration defines, not the document. */
  readonly configured: ReadonlySet<string>;
}

/** Attached schemes belong together (AND). An operation that says it is public stays public. */
export function askedSecurity(
  security: OperationSecurity,
  attach: readonly AttachedScheme[],
  schemes: ReadonlyMap<string, SecurityScheme>,
): AskedSecurity {
  if (security.declaredBy !== "nobody" || attach.length === 0) {
    return { alternatives: security.alternatives, configured: new Set() };
  }
  const own = attach.filter(({ scheme, type }) => type !== null || !schemes.has(scheme));
  return {
    alternatives: [attach.map((attached) => requirementOf(attached, schemes))],
    configured: new Set(own.map(({ scheme }) => scheme)),
  };
}

/** With neither a type nor a declaration, the secret decides what the scheme is. */
function requirementOf(
  attached: AttachedScheme,
  schemes: ReadonlyMap<string, SecurityScheme>,
): SecurityRequirement {
  const declared = attached.type === null ? schemes.get(attached.scheme) : undefined;
  if (declared !== undefined) return { ...declared, scopes: [] };
  return {
    name: attached.scheme,
    type: attached.type ?? "undeclared",
    scheme: attached.httpScheme,
    in: attached.in,
    parameterName: attached.name,
    flows: [],
    openIdConnectUrl: null,
    oauth2MetadataUrl: null,
    amazonAuthType: null,
    problem: null,
    scopes: [],
  };
}
