/** A token of credentials that are known already: a recording shows them, or the user gives them. */
import { jwtEnd } from "./from_result.ts";
import type { TokenState } from "./token_state.ts";
import type { TokenParts } from "./token_text.ts";

/** What the recorded answer that gave the credentials out said of their end. */
export interface ToldEnd {
  /** Seconds since the Unix epoch. */
  readonly at: number;
  /** A lifetime goes before the end that a JWT names, as in a login; a moment goes behind it. */
  readonly told: "lifetime" | "moment";
}

/**
 * Without a lifetime the end is the recorded one, or the one that a JWT among the credentials names, even where
 * it has passed.
 */
export function tokenOfParts(
  { headers, body_params, query_params, refresh_token, expires_in }: TokenParts,
  origins: readonly string[],
  nowMs: number,
  recorded: ToldEnd | null,
): TokenState {
  const carried = { headers, body_params, query_params };
  const knownEnd = recorded?.told === "lifetime"
    ? recorded.at
    : jwtEnd(carried, 0) ?? recorded?.at ?? null;
  return {
    ...carried,
    computed: [],
    refresh_token,
    expires_at: expires_in === null ? knownEnd : Math.floor(nowMs / 1000 + expires_in),
    obtained_at: nowMs / 1000,
    origins,
    stale: false,
  };
}
