/** How long a token is good for, in words. */
import type { Clock } from "../base/context.ts";
import { countOf } from "./words.ts";

const UNITS = [[86_400, "day"], [3_600, "hour"], [60, "minute"], [1, "second"]] as const;

/** `expires in 5 minutes`, `expired 2 hours ago`, `end unknown`. `expiresAtSec`: seconds since the Unix epoch. */
export function describeExpiry(expiresAtSec: number | null, clock: Clock): string {
  if (expiresAtSec === null) return "end unknown";
  const seconds = Math.round(expiresAtSec - clock.nowMs() / 1_000);
  const span = describeSpan(Math.abs(seconds));
  return seconds > 0 ? `expires in ${span}` : `expired ${span} ago`;
}

function describeSpan(seconds: number): string {
  const [size, unit] = UNITS.find(([size]) => seconds >= size) ?? [1, "second"];
  const count = Math.floor(seconds / size);
  return countOf(count, unit);
}
