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

/** What a busy machine may take to grant a lock that is free. */
const MIN_WAIT_MS = 200;

/** Longer timers fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

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

/** Waits in the kernel. A wait that is given up frees what it is granted later: its file is closed then. */
async function acquire(file: Deno.FsFile, lockPath: string, options: LockOptions): Promise<void> {
  const { timeoutMs, signal } = options;
  const givenUp = Promise.withResolvers<never>();
  const interrupt = () => givenUp.reject(new AppError("INTERRUPTED", "Interrupted"));
  const giveUp = () => givenUp.reject(locked(lockPath, timeoutMs));
  const waitMs = Math.min(Math.max(timeoutMs, MIN_WAIT_MS), MAX_TIMER_MS);
  const timer = setTimeout(giveUp, waitMs);
  if (signal?.aborted) interrupt();
  signal?.addEventListener("abort", interrupt);
  try {
    await Promise.race([givenUp.promise, file.lock(true)]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", interrupt);
  }
}

function locked(lockPath: string, waitedMs: number): AppError {
  return new AppError("LOCKED", `Another keysmith process has held "${lockPath}" for too long`, {
    hint: "Wait until it is done or end it, then run the command again",
    details: { file: lockPath, waitedMs },
  });
}
