/** Ctrl-C and SIGTERM: the first asks the work to stop, a second one does not wait for it. */
import { AppError } from "../base/error.ts";

/** How long the work may take to clean up after the first signal, in milliseconds. */
const CLEAN_UP_MS = 3_000;

const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs `work` with a signal that the user's Ctrl-C aborts.
 * @throws {AppError} `INTERRUPTED` when the work does not end by itself within three seconds.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abandoned = Promise.withResolvers<never>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const giveUp = () => abandoned.reject(new AppError("INTERRUPTED", "Interrupted"));
  const onSignal = () => {
    if (controller.signal.aborted) return giveUp();
    controller.abort(new AppError("INTERRUPTED", "Interrupted"));
    timer = setTimeout(giveUp, CLEAN_UP_MS);
  };
  for (const name of SIGNALS) Deno.addSignalListener(name, onSignal);
  try {
    return await Promise.race([work(controller.signal), abandoned.promise]);
  } finally {
    clearTimeout(timer);
    for (const name of SIGNALS) Deno.removeSignalListener(name, onSignal);
  }
}
