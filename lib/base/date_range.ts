/** A time value holds 100,000,000 days before and after the epoch (ECMA-262 section 21.4.1.1). */
const MAX_TIME_MS = 8.64e15;

/** Whether a `Date` can hold it: one that cannot throws where it is written as text. */
export function isDateMs(ms: number): boolean {
  return Math.abs(ms) <= MAX_TIME_MS;
}
