/** Ends the process that started this one, where no `kill(1)` is installed: see `permitted_programs.ts`. */
import { openLibc } from "./libc.ts";

const SIGKILL = 9;

/** The exit code: 1 where the C library cannot be called, or the process that started this one has ended. */
export function endParent(): number {
  const libc = openLibc();
  const isThere = Deno.ppid > 1;
  return libc !== null && isThere && libc.call("kill", Deno.ppid, SIGKILL) === 0 ? 0 : 1;
}
