/** Part of `late_errors_test.ts`: the realm of a script, in which errors come before, at and after its end. */
import { catchUnhandled, port } from "../../lib/sandbox/guest/realm.ts";

const told: string[] = [];
const atTheEnd = catchUnhandled((thrown) => void told.push(String(thrown)));

/** As the runtime tells what a timer threw. */
function throwInTimer(text: string): void {
  globalThis.dispatchEvent(new ErrorEvent("error", { error: text, cancelable: true }));
}

throwInTimer("timer before the end");
void Promise.reject("rejected before the end");
const ended = atTheEnd();
throwInTimer("timer that was due at the end");
await ended;
port.post(told);
