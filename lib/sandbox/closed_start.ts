/** Starting a process under a profile of macOS, where `sandbox-exec` is there and takes it. */
import { SANDBOX_EXEC, seatbeltProfile } from "./walls/seatbelt.ts";

export interface StartedProgram {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Whether a process starts under such a profile, by `sandbox-exec` and program: found out once each. */
const starts = new Map<string, Promise<boolean>>();

/** `null` where there is none. */
export function sandboxExecHere(): string | null {
  if (Deno.build.os !== "darwin") return null;
  try {
    return Deno.statSync(SANDBOX_EXEC).isFile ? SANDBOX_EXEC : null;
  } catch {
    return null;
  }
}

/**
 * The same start under a profile that allows the program, `readable` and `hosts`. Unchanged where the program,
 * given an empty stdin, does not end well under it: `doctor` then says that no wall of the system stands.
 */
export async function closedStart(
  start: StartedProgram,
  { readable, hosts }: { readonly readable: readonly string[]; readonly hosts: readonly string[] },
  sandboxExec: string,
): Promise<StartedProgram> {
  const [program, ...folders] = await Promise.all(
    [start.program, ...readable].map((path) => Deno.realPath(path).catch(() => path)),
  );
  const profile = seatbeltProfile({ program: program!, readable: folders, hosts });
  const closed = {
    program: sandboxExec,
    args: ["-p", profile, program!, ...start.args],
    env: start.env,
  };
  const key = JSON.stringify([sandboxExec, program]);
  const isTaken = starts.get(key) ?? startsWell(closed);
  starts.set(key, isTaken);
  return await isTaken ? closed : start;
}

async function startsWell({ program, args, env }: StartedProgram): Promise<boolean> {
  const command = new Deno.Command(program, {
    args: [...args],
    clearEnv: true,
    env: { ...env },
    cwd: "/",
    stdin: "null",
    stdout: "null",
    stderr: "null",
  });
  try {
    return (await command.output()).success;
  } catch {
    // `sandbox-exec` itself cannot be run: the start without it shows whether the program can.
    return false;
  }
}
