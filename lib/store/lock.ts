/**
 * Mutual exclusion between processes, by a kernel lock (`flock`, `LockFileEx`) on a separate file. The
 * kernel frees it when its holder dies, however that happens, so a lock never has to be broken. The
 * lock file stays: removing it would let two holders lock two files of the same name. In it stands who holds
 * it and since when (`lock_holder.ts`), for whoever waits in vain; it decides nothing.
 *
 * A wait inside the kernel takes a thread of the runtime's pool, of which there are 32; with all of them
 * waiting the holder cannot read or write a file any more (seen with Deno 2.8.3: 32 callers of one lock,
 * none of which ever returned). So the callers of one process take turns (`turns.ts`), for one lock one of
 * them waits in the kernel, and the process waits for a few locks at once. Such a wait cannot be taken
 * back: where its caller gives up, the next one inherits it.
 */
import { AppError } from "../base/error.ts";
import { createPrivateFile } from "./atomic.ts";
import { describeHolder, holderHint, nameHolder, readHolder } from "./lock_holder.ts";
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
/** Of the threads that also read and write files. */
const MAX_KERNEL_WAITS = 16;
/** Between two looks at whether there are fewer. */
const PAUSE_MS = 10;

interface KernelWait {
  /** The open file, locked. */
  readonly granted: Promise<Deno.FsFile>;
  /** False while nobody is there to take what is granted. */
  wanted: boolean;
  file: Deno.FsFile | null;
}

/** By the path of the lock file; what is granted and taken is no longer in it. */
const kernelWaits = new Map<string, KernelWait>();

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
  const timer = setTimeout(
    () => void locked(lockPath, timeoutMs).then((error) => late.reject(error)),
    waitMs,
  );
  const waiting = { signal, givenUp: late.promise };
  try {
    return await inTurn(lockPath, waiting, async () => {
      using file = await acquire(lockPath, waiting);
      clearTimeout(timer);
      nameHolder(file);
      return await fn();
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Answers the locked file; closing it frees the lock. */
async function acquire(lockPath: string, waiting: TurnOptions): Promise<Deno.FsFile> {
  while (!kernelWaits.has(lockPath) && kernelWaits.size >= MAX_KERNEL_WAITS) {
    await pause(PAUSE_MS, waiting);
  }
  const wait = kernelWaits.get(lockPath) ?? waitInKernel(lockPath);
  wait.wanted = true;
  try {
    const file = await unlessGivenUp(wait.granted, waiting);
    kernelWaits.delete(lockPath);
    return file;
  } catch (error) {
    wait.wanted = false;
    freeUnwanted(lockPath, wait);
    throw error;
  }
}

function waitInKernel(lockPath: string): KernelWait {
  const wait: KernelWait = { granted: lockedFile(lockPath), wanted: true, file: null };
  kernelWaits.set(lockPath, wait);
  wait.granted.then((file) => {
    wait.file = file;
    freeUnwanted(lockPath, wait);
  }, () => kernelWaits.delete(lockPath));
  return wait;
}

async function lockedFile(lockPath: string): Promise<Deno.FsFile> {
  await createPrivateFile(lockPath);
  const file = await Deno.open(lockPath, { read: true, write: true });
  try {
    await file.lock(true);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/** A lock that came too late for the one who asked is freed, unless the next one takes it. */
function freeUnwanted(lockPath: string, wait: KernelWait): void {
  if (wait.wanted || wait.file === null || kernelWaits.get(lockPath) !== wait) return;
  kernelWaits.delete(lockPath);
  wait.file.close();
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

async function locked(lockPath: string, waitedMs: number): Promise<AppError> {
  const holder = await readHolder(lockPath);
  const who = holder === null ? "Another keysmith process" : describeHolder(holder);
  return new AppError("LOCKED", `${who} has held "${lockPath}" for too long`, {
    hint: holderHint(holder),
    details: { file: lockPath, waitedMs, ...(holder === null ? {} : { holder }) },
  });
}
