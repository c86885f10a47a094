/** Has another thread end the program where this one is lost in a computation; see `watch_worker.ts`. */

const BEAT_MS = 250;

export interface Watch {
  /** Counted up by the main thread: one Int32. */
  readonly beats: SharedArrayBuffer;
  /** How long it may stand still, in milliseconds. */
  readonly stillMs: number;
}

/**
 * Watches over the main thread until the program ends. `stillSec`: the longest it may compute without a pause. Where such
 * a thread cannot be had, the program goes on without.
 */
export function watchOver(stillSec: number): void {
  const worker = new Worker(workerUrl(), { type: "module", name: "watch" });
  worker.onerror = (event) => event.preventDefault();
  const beats = new SharedArrayBuffer(4);
  const count = new Int32Array(beats);
  Deno.unrefTimer(setInterval(() => Atomics.add(count, 0, 1), BEAT_MS));
  worker.postMessage({ beats, stillMs: stillSec * 1000 } satisfies Watch);
}

/** Beside this file from a checkout; at the same place below the main module when bundled into chunks. */
function workerUrl(): URL {
  return import.meta.url.endsWith(".ts")
    ? new URL("./watch_worker.ts", import.meta.url)
    : new URL("./lib/cli/watch_worker.js", Deno.mainModule);
}
