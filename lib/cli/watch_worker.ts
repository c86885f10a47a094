/**
 * The thread that ends the program where the main one cannot: a signal reaches no listener while the main thread
 * computes, and no timer of its own can end a computation that was made endless by what it reads.
 *
 * The main thread counts in shared memory whenever it gets round to it. A count that stands still for longer than the
 * command may take for one piece of work, a second signal, or a first one that changed nothing ends the process.
 */
import { endThisProcess } from "../base/permitted_programs.ts";
import type { Watch } from "./watch.ts";

/** After the first signal: longer than `interrupt.ts` leaves the work to clean up, in milliseconds. */
const FIRST_SIGNAL_MS = 5_000;
/** After the second: a main thread that is free has ended the program by then. */
const SECOND_SIGNAL_MS = 500;
const LOOK_MS = 500;

const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

let signals = 0;
for (const name of SIGNALS) {
  Deno.addSignalListener(name, () => {
    signals++;
    setTimeout(
      () => end("it was interrupted and did not stop"),
      signals === 1 ? FIRST_SIGNAL_MS : SECOND_SIGNAL_MS,
    );
  });
}

addEventListener("message", (event) => {
  const { beats, stillMs } = (event as MessageEvent<Watch>).data;
  const count = new Int32Array(beats);
  let last = -1;
  let still = 0; // looks and no time: a process that was stopped (Ctrl-Z) and goes on has not computed
  setInterval(() => {
    const now = Atomics.load(count, 0);
    still = now === last ? still + 1 : 0;
    last = now;
    if (still * LOOK_MS > stillMs) {
      end(`one piece of its work took longer than ${stillMs / 1000} s`);
    }
  }, LOOK_MS);
});

function end(reason: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`\nkeysmith: Ended: ${reason}\n`));
  endThisProcess();
}
