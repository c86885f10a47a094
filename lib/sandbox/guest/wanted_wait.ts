import type { GuestExchange } from "../guest_run.ts";

/** A date has 29 characters (RFC 9110 section 5.6.7). */
const MAX_LENGTH = 64;

/** How long the server wants to be left alone, as it says it. */
export function wantedWait({ headers }: Response): Pick<GuestExchange, "retryAfter"> {
  const value = headers.get("retry-after");
  return value === null ? {} : { retryAfter: value.slice(0, MAX_LENGTH) };
}
