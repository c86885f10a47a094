/** Whether a refused request is worth another try, and when. */
import type { HttpResponse } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { retryAfterMs } from "../http/retry_after.ts";
import { isSafeMethod } from "./definition.ts";

const MAX_RETRIES = 2;
/** Over all retries of one call, milliseconds. A server that asks for more gets its answer reported. */
const MAX_WAIT_MS = 10_000;

/**
 * Milliseconds to wait before the request is sent again; `null` when it is not. Only safe methods, only
 * 429 and 503, and only when the server says how long (`Retry-After`, RFC 9110 section 10.2.3).
 */
export function retryDelayMs(
  method: string,
  response: HttpResponse,
  { retries, waitedMs, nowMs }: { retries: number; waitedMs: number; nowMs: number },
): number | null {
  if (!isSafeMethod(method) || retries >= MAX_RETRIES) return null;
  if (response.status !== 429 && response.status !== 503) return null;
  const delayMs = retryAfterMs(headerValue(response.headers, "retry-after"), nowMs);
  return delayMs === null || waitedMs + delayMs > MAX_WAIT_MS ? null : delayMs;
}

/** Resolves after `delayMs`; rejects with the signal's reason as soon as it is aborted. */
export function waitMs(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, delayMs);
    signal.addEventListener("abort", abort, { once: true });
  });
}
