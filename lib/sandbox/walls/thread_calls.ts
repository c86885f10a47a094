/**
 * Several system calls, one after the other, on one thread of the runtime's pool. A library's function that does not block
 * is called there, but it is one function; this one is `swapcontext(3)`, which goes through contexts: each a function with
 * its arguments, a stack and the context that follows, the last of them the thread's own.
 */
import type { Argument, Libc } from "./libc.ts";
import { type SyscallName, syscallNumber } from "./syscalls.ts";

/** As for `Libc.call()`. */
export type SystemCall = readonly [name: SyscallName, ...args: readonly Argument[]];

export interface ThreadCalls {
  /** Made on a thread that waits for work, or a new one. Whatever is pointed to is kept until then. */
  start(calls: readonly SystemCall[]): void;
  /** Lets the library go when all that were started are done. */
  closeAfterwards(): void;
}

/** `syscall(2)` takes a number and up to six words; `makecontext(3)` passes on as many of 64 bits. */
const SYMBOLS = {
  syscall: { type: "pointer" },
  getcontext: { parameters: ["u64"], result: "i32" },
  makecontext: {
    parameters: ["u64", "pointer", "i32", "i64", "i64", "i64", "i64", "i64", "i64"],
    result: "void",
  },
  swapcontext: { parameters: ["u64", "u64"], result: "i32", nonblocking: true },
} as const;

const WORDS = 6;
/** More than `ucontext_t` has on either processor, and what one system call needs of a stack. */
const CONTEXT_BYTES = 8192;
const STACK_BYTES = 16_384;
/** In `ucontext_t`: `uc_link`, `uc_stack.ss_sp`, `uc_stack.ss_size`. */
const LINK_AT = 8;
const STACK_AT = 16;
const STACK_SIZE_AT = 32;

export function makeThreadCalls(libc: Libc): ThreadCalls {
  const library = Deno.dlopen(libc.path, SYMBOLS);
  const { symbols } = library;
  const started: Promise<unknown>[] = [];
  const address = (bytes: DataView<ArrayBuffer>) => libc.addressOf(bytes);

  function contextOf([name, ...args]: SystemCall, next: DataView<ArrayBuffer>) {
    const context = new DataView(new ArrayBuffer(CONTEXT_BYTES));
    const stack = new DataView(new ArrayBuffer(STACK_BYTES));
    symbols.getcontext(address(context));
    context.setBigUint64(LINK_AT, address(next), true);
    context.setBigUint64(STACK_AT, address(stack), true);
    context.setBigUint64(STACK_SIZE_AT, BigInt(STACK_BYTES), true);
    const [a, b, c, d, e] = Array.from(
      { length: WORDS - 1 },
      (_, at) => libc.word(args[at] ?? null),
    );
    const number = BigInt(syscallNumber(name));
    symbols.makecontext(address(context), symbols.syscall, WORDS, number, a!, b!, c!, d!, e!);
    return { context, stack };
  }

  return {
    start(calls) {
      const own = new DataView(new ArrayBuffer(CONTEXT_BYTES));
      let first = own;
      const kept: unknown[] = [calls];
      for (const call of calls.toReversed()) {
        const { context, stack } = contextOf(call, first);
        kept.push(context, stack);
        first = context;
      }
      const done = symbols.swapcontext(address(own), address(first));
      started.push(done.then(() => kept.length = 0));
    },
    closeAfterwards() {
      void Promise.all(started).then(() => library.close());
    },
  };
}
