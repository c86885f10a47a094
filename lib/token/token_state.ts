/** What a login yields and `token.json` holds. */
import type { JsonValue } from "../base/json.ts";
import type { ComputedCredential } from "../http/computed_credential.ts";

export interface TokenState {
  /** Headers to inject, cookies as one `Cookie` header. */
  readonly headers: Readonly<Record<string, string>>;
  /** Values for the body: a name, or a dotted path into JSON (`params.sessionid`, `variables.token`). */
  readonly body_params: Readonly<Record<string, JsonValue>>;
  readonly query_params: Readonly<Record<string, string>>;
  readonly computed: readonly ComputedCredential[];
  readonly refresh_token: string | null;
  /** Seconds since the Unix epoch; `null` when unknown. */
  readonly expires_at: number | null;
  /** Seconds since the Unix epoch. */
  readonly obtained_at: number;
  /** Origins (`https://api.example.com`) the credentials may be sent to. */
  readonly origins: readonly string[];
  /** Set when a server rejected the credentials before they expired: refreshed or replaced next. */
  readonly stale: boolean;
}
