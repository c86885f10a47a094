/** What the credentials of a request are decided from. */
import type { Policy, SecretConfig } from "../base/config.ts";
import type { SecurityAlternative } from "../openapi/security.ts";
import type { Approval } from "./approval.ts";

export interface ResolutionInput {
  readonly service: ResolutionService;
  readonly alternatives: readonly SecurityAlternative[];
  /** By the key they are looked up with. */
  readonly secrets: ReadonlyMap<string, SecretConfig>;
  readonly policy: Policy;
  /** The origin the request goes to. */
  readonly target: string;
  /** Of the request: relative URLs of the document start there. */
  readonly baseUrl: string;
  /** `null` when nothing of the service was used before. */
  readonly approval: Approval | null;
  /** True when the user may be asked. */
  readonly mayInteract: boolean;
  /** Scopes a server asked for on top of the document's (RFC 6750 section 3.1). */
  readonly extraScopes: readonly string[];
  /** Schemes that the configuration defines, not the document. */
  readonly configured: ReadonlySet<string>;
}

export interface ResolutionService {
  readonly name: string;
  /** True when it was defined in a file of the working folder that nobody named. */
  readonly isForeign: boolean;
  /** Origins its requests may carry secrets to. */
  readonly origins: readonly string[];
  /** Origins of authorization servers that the document may have secrets sent to. */
  readonly endpointOrigins: readonly string[];
}
