/** The walls of the operating system around a login script, in words. */
import type { AuthStatusWithSandbox } from "../ops/auth_status.ts";

type Walls = AuthStatusWithSandbox["sandbox"];

const WORDS: Readonly<Record<keyof NonNullable<Walls>, string>> = {
  no_new_privileges: "new privileges",
  files: "files (Landlock)",
  ports: "other TCP ports (Landlock)",
  system_calls: "programs, writing and other sockets (seccomp)",
};

/** `closed by the system: …; open: …`, `not closed by the system; …`. */
export function describeWalls(walls: Walls): string {
  if (walls === null) return "could not be started to try its walls";
  const names = Object.keys(WORDS) as (keyof NonNullable<Walls>)[];
  const closed = names.filter((name) => walls[name]).map((name) => WORDS[name]);
  const open = names.filter((name) => !walls[name]).map((name) => WORDS[name]);
  const rest = "the runtime's permissions and the compartment hold alone";
  if (closed.length === 0) return `not closed by the system; ${rest}`;
  const text = `closed by the system to ${closed.join(", ")}`;
  return open.length === 0 ? text : `${text}; not to ${open.join(", ")}: there ${rest}`;
}
