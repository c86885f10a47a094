/**
 * Landlock binds the thread that asks for it and those it starts later. Under `deno run` threads of the runtime's pool
 * are there before any program is, for they open its caches. A call that does not block the main isolate is made on such a
 * thread, and each of them has to do more than one thing: restrict itself, say so, and stay until all have, so that none
 * takes two turns. Each says that it goes on, too, so that nothing of this stays open. `thread_calls.ts` makes such a list one call.
 *
 * Nothing waits without a limit: a turn that no thread took in time is taken later, by whichever thread does.
 */
import type { Libc } from "./libc.ts";
import { makeThreadCalls, type SystemCall } from "./thread_calls.ts";

const AT_FDCWD = -100;
/** One folder for each thread. */
const TASKS = new TextEncoder().encode("/proc/self/task\0");
/** `struct statx`: as many links as subfolders, and two more. */
const STATX_NLINK = 0x4;
const STATX_BYTES = 256;
const STATX_LINKS_AT = 16;

const POLLIN = 1;
/** How long the main thread waits for the others to arrive, and they for its word, in seconds. */
const LIMIT_SEC = 20n;

/** Makes `calls` on every thread but this one and those that are no pool's. Answers whether all did in time. */
export function onPoolThreads(libc: Libc, calls: readonly SystemCall[]): boolean {
  const others = countThreads(libc) - 1;
  if (others <= 0) return others === 0;
  const arrived = libc.call("eventfd2", 0, 0);
  const go = libc.call("eventfd2", 0, 0);
  const one = new BigUint64Array([1n]);
  const say: SystemCall = ["write", arrived, one, 8];
  const turn: SystemCall[] = [...calls, say, waitFor(go), say];
  const threads = makeThreadCalls(libc);
  for (let thread = 0; thread < others; thread++) threads.start(turn);
  threads.closeAfterwards();
  const didArrive = arrivals(libc, arrived, others);
  libc.call("write", go, one, 8);
  // A turn that is taken later would write to whatever has the number of a closed one by then.
  if (didArrive && arrivals(libc, arrived, others)) {
    for (const file of [arrived, go]) libc.call("close", file);
  }
  return didArrive;
}

/** Some of them are V8's, which take no calls: for those the pool starts new threads, of no harm. */
function countThreads(libc: Libc): number {
  const status = new DataView(new ArrayBuffer(STATX_BYTES));
  const answer = libc.call("statx", AT_FDCWD, TASKS, 0, STATX_NLINK, status);
  return answer < 0 ? -1 : status.getUint32(STATX_LINKS_AT, true) - 2;
}

/** Until something was written to it, which stays there for the others. */
function waitFor(file: number): SystemCall {
  const polled = new DataView(new ArrayBuffer(8)); // struct pollfd
  polled.setInt32(0, file, true);
  polled.setInt16(4, POLLIN, true);
  // What the kernel writes back is the same for all who wait.
  return ["ppoll", polled, 1, new BigInt64Array([LIMIT_SEC, 0n]), null, 0];
}

function arrivals(libc: Libc, file: number, wanted: number): boolean {
  const said = new BigUint64Array(1);
  for (let count = 0; count < wanted; count += Number(said[0])) {
    if (libc.call(...waitFor(file)) !== 1) return false;
    libc.call("read", file, said, 8);
  }
  return true;
}
