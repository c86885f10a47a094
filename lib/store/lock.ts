/**
 * Mutual exclusion between processes, by a kernel lock (`flock`, `LockFileEx`) on a separate file. The
 * kernel frees it when its holder dies, however that happens, so a lock never has to be broken. The
 * lock file is empty and stays: removing it would let two holders lock two files of the same name.
 *
 * Nobody waits inside the kernel. Such a wait takes a thread of the runtime's pool, of which there are
 * 32, and with all of them waiting the holder cannot read or write a file any more (seen with Deno 2.8.3:
 * 32 callers of one lock, none of which ever returned). Callers of one process take turns (`turns.ts`),
 * and the one whose turn it is asks the kernel again and again.
 */
import { AppError } from "../base/error.ts";
import { createPrivateFile } from "./atomic.ts";
import { inTurn, type TurnOptions, unlessGivenUp } from "./turns.ts";

export interface LockOptions {
  /** How long to wait for another holder, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** What a busy machine may take to grant a lock that is free. */
const MIN_WAIT_MS = 200;
/** Longer timers fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** Between two questions to the kernel, doubled from the first to the last. */
const FIRST_PAUSE_MS = 2;
const LAST_PAUSE_MS = 50;

/**
 * Runs `fn` while holding the lock on `<path>.lock`. Not reentrant: a second call with the same path
 * inside `fn` waits for itself.
 *
 * @throws {AppError} `LOCKED` after `timeoutMs`, `INTERRUPTED` when the signal aborts the wait.
 */
export async function withLock<T>(
  path: string,
  { timeoutMs, signal }: LockOptions,
  fn: () => Promise<T>,
): Promise<T> {
  const lockPath = `${path}.lock`;
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => {});
  const waitMs = Math.min(Math.max(timeoutMs, MIN_WAIT_MS), MAX_TIMER_MS);
  const timer = setTimeout(() => late.reject(locked(lockPath, timeoutMs)), waitMs);
  const waiting = { signal, givenUp: late.promise };
  try {
    return await inTurn(lockPath, waiting, async () => {
      await createPrivateFile(lockPath);
      using file = await Deno.open(lockPath, { read: true, write: true });
      await acquire(file, waiting);
      clearTimeout(timer);
      return await fn();
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Closing the file frees the lock. */
async function acquire(file: Deno.FsFile, waiting: TurnOptions): Promise<void> {
  for (let pauseMs = FIRST_PAUSE_MS; !file.tryLockSync(true);) {
    await pause(pauseMs, waiting);
    pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS);
  }
}

async function pause(ms: number, waiting: TurnOptions): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, ms);
  try {
    await unlessGivenUp(over.promise, waiting);
  } finally {
    clearTimeout(timer);
  }
}

function locked(lockPath: string, waitedMs: number): AppError {
  return new AppError("LOCKED", `Another keysmith process has held "${lockPath}" for too long`, {
    hint: "Wait until it is done or end it, then run the command again",
    details: { file: lockPath, waitedMs },
  });
}
