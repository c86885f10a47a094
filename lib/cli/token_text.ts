/** How long a token is good for, in words. */
import type { Clock } from "../base/context.ts";

const UNITS = [[86_400, "day"], [3_600, "hour"], [60, "minute"], [1, "second"]] as const;

/** `in 5 minutes`, `2 hours ago`, `unknown`. `expiresAtSec`: seconds since the Unix epoch. */
export function describeExpiry(expiresAtSec: number | null, clock: Clock): string {
  if (expiresAtSec === null) return "unknown";
  const seconds = Math.round(expiresAtSec - clock.nowMs() / 1_000);
  const span = describeSpan(Math.abs(seconds));
  return seconds > 0 ? `in ${span}` : `${span} ago`;
}

function describeSpan(seconds: number): string {
  const [size, unit] = UNITS.find(([size]) => seconds >= size) ?? [1, "second"];
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
