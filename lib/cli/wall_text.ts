/** The walls of the operating system around a login script, in words. */
import type { AuthStatusWithSandbox } from "../ops/auth_status.ts";

type Walls = AuthStatusWithSandbox["sandbox"];
type WallName = Exclude<keyof NonNullable<Walls>, "profile">;

const WORDS: Readonly<Record<WallName, string>> = {
  no_new_privileges: "new privileges",
  files: "files (Landlock)",
  ports: "other TCP ports (Landlock)",
  system_calls: "programs, writing and other sockets (seccomp)",
};

const REST = "the runtime's permissions and the compartment hold alone";

/** Why none of Linux's walls stands, where that is known. */
const REASONS: Partial<Record<typeof Deno.build.os, string>> = {
  darwin: "the process did not start under a profile of sandbox-exec",
  windows: "no job object and no restricted token is made on Windows",
};

/** `closed by the system to …; not to …`, `not closed by the system; …`. */
export function describeWalls(walls: Walls, os = Deno.build.os): string {
  if (walls === null) return "could not be started to try its walls";
  if (walls.profile) {
    return "closed by the system to files, programs and other ports (a profile of sandbox-exec; a file was tried)";
  }
  const names = Object.keys(WORDS) as WallName[];
  const closed = names.filter((name) => walls[name]).map((name) => WORDS[name]);
  const open = names.filter((name) => !walls[name]).map((name) => WORDS[name]);
  if (closed.length === 0) {
    const reason = REASONS[os];
    return `not closed by the system${reason === undefined ? "" : `: ${reason}`}; ${REST}`;
  }
  const text = `closed by the system to ${closed.join(", ")}`;
  return open.length === 0 ? text : `${text}; not to ${open.join(", ")}: there ${REST}`;
}
