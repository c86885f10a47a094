/**
 * Mutual exclusion between processes, by a kernel lock (`flock`, `LockFileEx`) on a separate file. The
 * kernel frees it when its holder dies, however that happens, so a lock never has to be broken. The
 * lock file is empty and stays: removing it would let two holders lock two files of the same name.
 */
import { AppError } from "../base/error.ts";
import { createPrivateFile } from "./atomic.ts";

export interface LockOptions {
  /** How long to wait for another holder, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Pause between two attempts, in milliseconds; a random part keeps waiting processes from marching in step. */
const PAUSE_MS = 10;
const PAUSE_SPREAD_MS = 20;

/**
 * Runs `fn` while holding the lock on `<path>.lock`. Not reentrant: a second call with the same path
 * inside `fn` waits for itself.
 *
 * @throws {AppError} `LOCKED` after `timeoutMs`, `INTERRUPTED` when the signal aborts the wait.
 */
export async function withLock<T>(
  path: string,
  options: LockOptions,
  fn: () => Promise<T>,
): Promise<T> {
  const lockPath = `${path}.lock`;
  await createPrivateFile(lockPath);
  using file = await Deno.open(lockPath, { read: true, write: true });
  await acquire(file, lockPath, options);
  try {
    return await fn();
  } finally {
    await file.unlock();
  }
}

async function acquire(file: Deno.FsFile, lockPath: string, options: LockOptions): Promise<void> {
  const startedMs = performance.now();
  while (!(await file.tryLock(true))) {
    const waitedMs = Math.round(performance.now() - startedMs);
    if (options.signal?.aborted) throw new AppError("INTERRUPTED", "Interrupted");
    if (waitedMs >= options.timeoutMs) throw locked(lockPath, waitedMs);
    await pause(PAUSE_MS + Math.random() * PAUSE_SPREAD_MS);
  }
}

function locked(lockPath: string, waitedMs: number): AppError {
  return new AppError("LOCKED", `Another keysmith process has held "${lockPath}" for too long`, {
    hint: "Wait until it is done or end it, then run the command again",
    details: { file: lockPath, waitedMs },
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
