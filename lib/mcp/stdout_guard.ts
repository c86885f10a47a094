/**
 * stdout carries the protocol and nothing else. One stray line there ends the session of most clients,
 * and it may come from anywhere: a library's `console.log`, a runtime warning, a verb that prints.
 */
import process from "node:process";

export interface StdoutGuard {
  /** Writes to the real stdout, and answers how many bytes it took; for the transport alone. */
  write(bytes: Uint8Array): Promise<number>;
  /** Gives stdout back. */
  restore(): void;
}

/** From now on whatever is written to stdout by other means goes to stderr. */
export function guardStdout(): StdoutGuard {
  const write = Deno.stdout.write.bind(Deno.stdout);
  const saved = {
    write: Deno.stdout.write,
    writeSync: Deno.stdout.writeSync,
    processStdout: Object.getOwnPropertyDescriptor(process, "stdout")!,
    console: { ...console },
  };
  Deno.stdout.write = (bytes) => Deno.stderr.write(bytes);
  Deno.stdout.writeSync = (bytes) => Deno.stderr.writeSync(bytes);
  // Not its method: to look at the stream loads all streams of Node, as long as the rest of a start takes.
  Object.defineProperty(process, "stdout", { configurable: true, get: () => process.stderr });
  for (const name of ["log", "info", "debug", "dir", "dirxml", "table", "group"] as const) {
    console[name] = console.error;
  }
  return {
    write,
    restore: () => {
      Deno.stdout.write = saved.write;
      Deno.stdout.writeSync = saved.writeSync;
      Object.defineProperty(process, "stdout", saved.processStdout);
      Object.assign(console, saved.console);
    },
  };
}
