/**
 * Mutual exclusion within this process: whoever asks for a key waits for those who asked before. It comes
 * before every lock between processes, so that of a thousand callers one waits for the other process.
 */
import { AppError } from "../base/error.ts";

export interface TurnOptions {
  /** Of the user or of the call. */
  readonly signal?: AbortSignal | undefined;
  /** Rejects when the caller gives up for another reason. */
  readonly givenUp?: Promise<never>;
}

/** By key, what the next caller waits for. A key that nobody holds or waits for has no entry. */
const lastTurns = new Map<string, Promise<void>>();

/**
 * Runs `fn` when everybody who asked for `key` before has finished or given up. Not reentrant.
 *
 * @throws {AppError} `INTERRUPTED` when the signal is aborted before `fn` has begun; what `givenUp` rejects
 * with; what `fn` throws.
 */
export async function inTurn<T>(
  key: string,
  options: TurnOptions,
  fn: () => Promise<T>,
): Promise<T> {
  const before = lastTurns.get(key);
  const finished = Promise.withResolvers<void>();
  const turn = before === undefined ? finished.promise : before.then(() => finished.promise);
  lastTurns.set(key, turn);
  try {
    await unlessGivenUp(before ?? Promise.resolve(), options);
    return await fn();
  } finally {
    finished.resolve();
    if (lastTurns.get(key) === turn) lastTurns.delete(key);
  }
}

/** `INTERRUPTED`, or what `givenUp` says, when that comes first. */
export async function unlessGivenUp<T>(
  waited: Promise<T>,
  { signal, givenUp }: TurnOptions,
): Promise<T> {
  const interrupted = Promise.withResolvers<never>();
  const interrupt = () => interrupted.reject(new AppError("INTERRUPTED", "Interrupted"));
  if (signal?.aborted) interrupt();
  signal?.addEventListener("abort", interrupt);
  const reasons = [interrupted.promise, ...(givenUp === undefined ? [] : [givenUp])];
  try {
    return await Promise.race([...reasons, waited]);
  } finally {
    signal?.removeEventListener("abort", interrupt);
  }
}
