/**
 * The C library of this process, for the system calls by which the process closes itself. It is the one that is
 * loaded already; the permission to call it is given up right after.
 */
import { LIBC_PATHS } from "./libc_paths.ts";
import { type SyscallName, syscallNumber } from "./syscalls.ts";

export type Argument = number | bigint | ArrayBufferView<ArrayBuffer> | null;

export interface Libc {
  /** Where its file lies. */
  readonly path: string;
  /** What the call answers; of a failure the error number, negative, as the kernel has it. */
  call(name: SyscallName, ...args: readonly Argument[]): number;
  /** What a call gets for an argument. */
  word(argument: Argument): bigint;
  /** Of the bytes of a view, for a structure that points to them. */
  addressOf(view: ArrayBufferView<ArrayBuffer>): bigint;
  close(): void;
}

/** Pointers are numbers here: Deno's own functions for pointers want the permission for every library. */
const SYMBOLS = {
  syscall: { parameters: ["i64", "i64", "i64", "i64", "i64", "i64", "i64"], result: "i64" },
  __errno_location: { parameters: [], result: "u64" },
  /** Answers where its first argument lies. */
  address: { name: "memcpy", parameters: ["buffer", "buffer", "usize"], result: "u64" },
  copy: { name: "memcpy", parameters: ["buffer", "u64", "usize"], result: "u64" },
} as const;

/** `null` where there is none that can be called: another system, another processor, no permission. */
export function openLibc(): Libc | null {
  if (Deno.build.os !== "linux") return null;
  for (const path of LIBC_PATHS) {
    try {
      return { path, ...callsOf(Deno.dlopen(path, SYMBOLS)) };
    } catch {
      // Not there, or not permitted: the next one.
    }
  }
  return null;
}

function callsOf(library: Deno.DynamicLibrary<typeof SYMBOLS>): Omit<Libc, "path"> {
  const { syscall, __errno_location, address, copy } = library.symbols;
  const errno = new Int32Array(new ArrayBuffer(4));
  const errnoAt = __errno_location();
  // A view's own bytes may lie in V8's heap and move; those of its ArrayBuffer stay.
  const addressOf = ({ buffer, byteOffset }: ArrayBufferView<ArrayBuffer>) =>
    address(buffer, buffer, 0n) + BigInt(byteOffset);
  const word = (argument: Argument) => {
    if (argument === null) return 0n;
    return typeof argument === "object" ? addressOf(argument) : BigInt(argument);
  };
  return {
    call(name, ...args) {
      const words = Array.from({ length: 6 }, (_, index) => word(args[index] ?? null));
      const [a, b, c, d, e, f] = words as [bigint, bigint, bigint, bigint, bigint, bigint];
      const result = Number(syscall(BigInt(syscallNumber(name)), a, b, c, d, e, f));
      if (result !== -1) return result;
      copy(errno.buffer, errnoAt, 4n);
      return -errno[0]!;
    },
    word,
    addressOf,
    close: () => library.close(),
  };
}
