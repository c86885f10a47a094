/**
 * Tells when what the tools depend on changes on the disk. Times of files are looked at every two seconds:
 * watchers of the system miss folders that do not exist yet, and network file systems.
 */
import type { Context } from "../base/context.ts";
import { type DiskSignature, diskSignature } from "../ops/disk_signature.ts";

const LOOK_EVERY_MS = 2_000;
/** Tokens that the server renews itself change every few minutes, or seconds: that is news seldom. */
const TOKEN_NEWS_EVERY_MS = 300_000;

/** Calls `changed` until it is stopped by the answer, which comes after the first look. */
export async function watchDisk(
  ctx: Context,
  changed: () => void,
  lookEveryMs = LOOK_EVERY_MS,
): Promise<() => void> {
  const news = new DiskNews(() => ctx.clock.nowMs());
  let isLooking = false;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    // A home that cannot be read now is looked at again.
    const signature = await diskSignature(ctx).catch(() => null);
    isLooking = false;
    if (signature !== null && news.isNew(signature)) changed();
  };
  await look();
  const timer = setInterval(look, lookEveryMs);
  Deno.unrefTimer(timer);
  return () => clearInterval(timer);
}

/** Judges one look after the other. */
export class DiskNews {
  readonly #nowMs: () => number;
  #known: DiskSignature | null = null;
  #toldTokensAtMs = -Infinity;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The first look is never news. */
  isNew(signature: DiskSignature): boolean {
    const before = this.#known;
    const isOfTools = before !== null && before.tools !== signature.tools;
    const isOfTokens = before !== null && before.tokens !== signature.tokens &&
      this.#nowMs() - this.#toldTokensAtMs >= TOKEN_NEWS_EVERY_MS;
    this.#known = signature;
    if (isOfTokens) this.#toldTokensAtMs = this.#nowMs();
    return isOfTools || isOfTokens;
  }
}
