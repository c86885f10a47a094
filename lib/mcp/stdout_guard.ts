/**
 * stdout carries the protocol and nothing else. One stray line there ends the session of most clients,
 * and it may come from anywhere: a library's `console.log`, a runtime warning, a verb that prints.
 */
import process from "node:process";

export interface StdoutGuard {
  /** Writes all bytes to the real stdout; for the transport alone. */
  write(bytes: Uint8Array): Promise<void>;
  /** Gives stdout back. */
  restore(): void;
}

/** From now on whatever is written to stdout by other means goes to stderr. */
export function guardStdout(): StdoutGuard {
  const write = Deno.stdout.write.bind(Deno.stdout);
  const saved = {
    write: Deno.stdout.write,
    writeSync: Deno.stdout.writeSync,
    processWrite: process.stdout.write,
    console: { ...console },
  };
  Deno.stdout.write = (bytes) => Deno.stderr.write(bytes);
  Deno.stdout.writeSync = (bytes) => Deno.stderr.writeSync(bytes);
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  for (const name of ["log", "info", "debug", "dir", "dirxml", "table", "group"] as const) {
    console[name] = console.error;
  }
  return {
    write: (bytes) => writeAll(write, bytes),
    restore: () => {
      Deno.stdout.write = saved.write;
      Deno.stdout.writeSync = saved.writeSync;
      process.stdout.write = saved.processWrite;
      Object.assign(console, saved.console);
    },
  };
}

async function writeAll(
  write: (bytes: Uint8Array) => Promise<number>,
  bytes: Uint8Array,
): Promise<void> {
  let written = 0;
  while (written < bytes.length) written += await write(bytes.subarray(written));
}
