/**
 * Landlock binds the thread that asks for it and those it starts later. Before it, `deno run` has started threads of
 * the runtime's pool, to open its caches. A system call that ends the thread it is made on, made on the pool, ends
 * one of them, and the next such call another: one that waits for work is taken before a new one is started.
 */
import type { Libc } from "./libc.ts";

const AT_FDCWD = -100;
const O_RDONLY_CLOEXEC = 0o2000000;
const TASKS = "/proc/self/task";
/** As the runtime names them (proc(5), `comm`). */
const POOL_NAME = "tokio";
/** Room for some hundred entries. */
const LIST_BYTES = 16_384;
/** A thread that still has work ends later: this often it is looked again, after so long; nanoseconds. */
const ROUNDS = 50;
const PAUSE_NS = 1_000_000n;

/**
 * Ends the threads of the runtime's pool; new ones are started as there is work. Answers whether none was left.
 * The runtime goes on waiting for those that it lost, so the process is to be ended from outside or by `Deno.exit()`.
 */
export function endPoolThreads(libc: Libc): boolean {
  for (let round = 0; round < ROUNDS; round++) {
    const count = poolThreads(libc);
    if (count === 0) return true;
    for (let left = count; left > 0; left--) libc.callElsewhere("exit", 0);
    libc.call("nanosleep", new BigInt64Array([0n, PAUSE_NS]), null);
  }
  return false;
}

function poolThreads(libc: Libc): number {
  return entriesOf(libc, TASKS).filter((thread) =>
    readStart(libc, `${TASKS}/${thread}/comm`).startsWith(POOL_NAME)
  ).length;
}

/** Names in a folder; none where it cannot be read. */
function entriesOf(libc: Libc, folder: string): string[] {
  const list = new Uint8Array(new ArrayBuffer(LIST_BYTES));
  const end = withOpen(libc, folder, (file) => libc.call("getdents64", file, list, LIST_BYTES));
  const view = new DataView(list.buffer);
  const names: string[] = [];
  // struct linux_dirent64: two words, the length of the entry, a byte, the name with a zero at its end.
  for (let at = 0; at < end; at += view.getUint16(at + 16, true)) {
    names.push(textIn(list.subarray(at + 19, list.indexOf(0, at + 19))));
  }
  return names.filter((name) => /^\d/.test(name));
}

function readStart(libc: Libc, path: string): string {
  const start = new Uint8Array(new ArrayBuffer(16));
  const length = withOpen(libc, path, (file) => libc.call("read", file, start, start.length));
  return textIn(start.subarray(0, Math.max(0, length)));
}

/** What `use` answers; negative where the path cannot be opened. */
function withOpen(libc: Libc, path: string, use: (file: number) => number): number {
  const name = new TextEncoder().encode(`${path}\0`);
  const file = libc.call("openat", AT_FDCWD, name, O_RDONLY_CLOEXEC);
  if (file < 0) return file;
  const answer = use(file);
  libc.call("close", file);
  return answer;
}

function textIn(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
