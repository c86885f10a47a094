/** How long a server wants to be left alone: `Retry-After` (RFC 9110 section 10.2.3), in seconds or as a date. */

/** Milliseconds from `nowMs`, never negative; `null` for no such header, or none that can be read. */
export function retryAfterMs(value: string | undefined, nowMs: number): number | null {
  if (value === undefined) return null;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}
