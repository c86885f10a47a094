/**
 * Work that several calls of this process want at one time is done once, and its result or its failure is that of
 * all who waited. It belongs to none of them: who gives up leaves it to the others, and an answer that comes after
 * all have gone is still kept (a refresh token may have been replaced by it).
 */
import { unlessGivenUp } from "../../store/turns.ts";

const running = new Map<string, Promise<unknown>>();

/**
 * What `work` answers, or what the work that runs under `key` already answers.
 *
 * @throws {AppError} `INTERRUPTED` when the signal is aborted before; what `work` throws.
 */
export async function shared<T>(
  key: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  let common = running.get(key) as Promise<T> | undefined;
  if (common === undefined) {
    common = work().finally(() => running.delete(key));
    common.catch(() => {});
    running.set(key, common);
  }
  return await unlessGivenUp(common, { signal });
}
