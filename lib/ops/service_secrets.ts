/** Which secrets the operations of a service look for, and which of those there are. */
import type { SecretConfig } from "../base/config.ts";
import type { Operation } from "../openapi/operation.ts";
import type { SecurityRequirement } from "../openapi/security.ts";
import { askedSecurity } from "../resolve/attach.ts";
import type { LoadedService } from "./service_catalog.ts";

export interface WantedSecret {
  readonly scheme: string;
  /** The requirement as the first operation states it, with the scopes of all operations. */
  readonly requirement: SecurityRequirement;
  /** The key under `secrets`; `null` when neither of the two looked for is there. */
  readonly key: string | null;
  readonly secret: SecretConfig | null;
  /** The first operation that asks for it. */
  readonly operation: Operation;
}

/** Every scheme that operations of the service ask for, in the document's order. */
export function wantedSecrets(
  { config, service, catalog }: LoadedService,
  operations: readonly Operation[] = catalog.operations,
): WantedSecret[] {
  const wanted = new Map<string, WantedSecret & { readonly scopes: Set<string> }>();
  for (const operation of operations) {
    const { alternatives } = askedSecurity(operation.security, service.attach, catalog.schemes);
    for (const requirement of alternatives.flat()) {
      const known = wanted.get(requirement.name);
      if (known !== undefined) {
        for (const scope of requirement.scopes) known.scopes.add(scope);
        continue;
      }
      const keys = [`${service.name}.${requirement.name}`, requirement.name];
      const key = keys.find((candidate) => config.secrets.has(candidate)) ?? null;
      wanted.set(requirement.name, {
        scheme: requirement.name,
        requirement,
        key,
        secret: key === null ? null : config.secrets.get(key)!,
        operation,
        scopes: new Set(requirement.scopes),
      });
    }
  }
  return [...wanted.values()].map(({ scopes, ...rest }) => ({
    ...rest,
    requirement: { ...rest.requirement, scopes: [...scopes].sort() },
  }));
}
