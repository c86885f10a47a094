/** How long a token is good for, in words. */
import type { Clock } from "../base/context.ts";
import type { AuthStatus } from "../ops/auth_status.ts";
import { countOf } from "./words.ts";

const UNITS = [[86_400, "day"], [3_600, "hour"], [60, "minute"], [1, "second"]] as const;

/** `expires in 5 minutes`, `expired 2 hours ago`, `end unknown`. `expiresAtSec`: seconds since the Unix epoch. */
export function describeExpiry(expiresAtSec: number | null, clock: Clock): string {
  if (expiresAtSec === null) return "end unknown";
  const seconds = Math.round(expiresAtSec - clock.nowMs() / 1_000);
  const span = describeSpan(Math.abs(seconds));
  return seconds > 0 ? `expires in ${span}` : `expired ${span} ago`;
}

/** The end says by itself that a token has expired, and is nothing to a token that was refused before. */
export function describeToken(
  { state, expires_at }: Pick<AuthStatus, "state" | "expires_at">,
  clock: Clock,
): string {
  if (state === "none") return state;
  if (state === "stale") return "stale; the site refused it";
  const end = describeExpiry(expires_at, clock);
  return state === "expired" && end.startsWith(state) ? end : `${state}; ${end}`;
}

function describeSpan(seconds: number): string {
  const [size, unit] = UNITS.find(([size]) => seconds >= size) ?? [1, "second"];
  const count = Math.floor(seconds / size);
  return countOf(count, unit);
}
