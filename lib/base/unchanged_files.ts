/**
 * What was read out of files, for as long as they stay what they were: a server that answers thousands of
 * calls looks at a few files' times for each of them, and does not read and parse the files again.
 */

/**
 * A file that was changed this short a time before it was read may be changed again without another time of
 * change: file systems count in steps of some milliseconds. In milliseconds.
 */
const UNSETTLED_MS = 100;

interface Read {
  readonly signature: string;
  readonly value: unknown;
  readonly isSettled: boolean;
}

/** By an object that lives as long as the process or the test. */
const readings = new WeakMap<object, Read>();

/** `read()`, or what it answered last under `owner`, when none of the files has changed since. */
export async function unlessUnchanged<T>(
  owner: object,
  paths: readonly string[],
  read: () => Promise<T>,
): Promise<T> {
  const { signature, newestMs } = signatureOf(paths);
  const known = readings.get(owner);
  if (known?.isSettled && known.signature === signature) return known.value as T;
  const isSettled = Date.now() - newestMs > UNSETTLED_MS;
  const value = await read();
  readings.set(owner, { signature, value, isSettled });
  return value;
}

/** How often a file is looked at that is being written, and for how long: together some seconds. */
const LOOK_AGAIN_MS = 50;
const MAX_LOOKS = 60;

/**
 * `read()`, and again while one of the files has just been changed and `isWhole` says no: editors empty a file
 * before they write it, and write long ones in pieces.
 */
export async function whenWritten<T>(
  paths: readonly string[],
  read: () => Promise<T>,
  isWhole: (value: T) => boolean,
): Promise<T> {
  for (let looks = 1;; looks++) {
    const value = await read();
    const ageMs = Date.now() - signatureOf(paths).newestMs;
    if (isWhole(value) || ageMs > UNSETTLED_MS || looks >= MAX_LOOKS) return value;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/** Changes when one of the files is written, replaced, removed or made. `newestMs`: since the Unix epoch. */
export function signatureOf(
  paths: readonly string[],
): { readonly signature: string; readonly newestMs: number } {
  let newestMs = 0;
  const parts = paths.map((path) => {
    const info = statOf(path);
    if (info === null) return "-";
    const changedMs = info.mtime?.getTime() ?? 0;
    newestMs = Math.max(newestMs, changedMs);
    return `${info.ino} ${info.size} ${changedMs}`;
  });
  return { signature: [...paths, ...parts].join("\n"), newestMs };
}

function statOf(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch {
    return null;
  }
}
