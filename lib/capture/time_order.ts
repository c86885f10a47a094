/** What is said of an entry whose recorder wrote no time, and of one whose time is none. */
export const NO_TIME = "without a time";
export const UNREADABLE_TIME = "with a time that cannot be read";

/**
 * Entries in time order. One without a time follows the one before it in the file, the first ones stand
 * before the first that has a time; entries of the same time keep the order of the file.
 */
export function inTimeOrder<T extends { readonly startedAtMs: number | null }>(
  entries: readonly T[],
): (Omit<T, "startedAtMs"> & { readonly startedAtMs: number })[] {
  let nowMs = entries.find(({ startedAtMs }) => startedAtMs !== null)?.startedAtMs ?? 0;
  const timed = entries.map((entry) => {
    nowMs = entry.startedAtMs ?? nowMs;
    return { ...entry, startedAtMs: nowMs };
  });
  return timed.sort((a, b) => a.startedAtMs - b.startedAtMs);
}
