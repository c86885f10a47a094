/** A token of credentials that are known already: a recording shows them, or the user gives them. */
import { jwtEnd } from "./from_result.ts";
import type { TokenState } from "./token_state.ts";
import type { TokenParts } from "./token_text.ts";

/** Without a lifetime the end is the one that a JWT among the credentials names, even where it has passed. */
export function tokenOfParts(
  { headers, body_params, query_params, refresh_token, expires_in }: TokenParts,
  origins: readonly string[],
  nowMs: number,
): TokenState {
  const carried = { headers, body_params, query_params };
  return {
    ...carried,
    computed: [],
    refresh_token,
    expires_at: expires_in === null ? jwtEnd(carried, 0) : Math.floor(nowMs / 1000 + expires_in),
    obtained_at: nowMs / 1000,
    origins,
    stale: false,
  };
}
