/** The contract between Keysmith and an auth script: what it exports, what it returns, what it is given. */
import type { JsonValue } from "../base/json.ts";
import type { ComputedCredential } from "../http/computed_credential.ts";

/** What `acquire_token()` and `refresh_token()` return. */
export interface AuthResult {
  readonly headers: Readonly<Record<string, string>>;
  readonly body_params?: Readonly<Record<string, JsonValue>>;
  readonly query_params?: Readonly<Record<string, string>>;
  readonly computed?: readonly ComputedCredential[];
  readonly refresh_token?: string;
  /** Seconds from now. */
  readonly expires_in?: number;
}

/** Name of the error a script throws when the site said no to the credentials (not when the script broke). */
export const CREDENTIALS_REFUSED = "CredentialsRefused";
