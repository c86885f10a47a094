/** How the sandbox process is started: this same program, under `deno run` or compiled. */
import { ownProgram } from "../base/permitted_programs.ts";
import { closedStart, sandboxExecHere, type StartedProgram } from "./closed_start.ts";
import { denoDir } from "./deno_dir.ts";
import { type GuestProgram, guestProgram } from "./guest_program.ts";
import { LIBC_PATHS } from "./walls/libc_paths.ts";
import { REFUSED_FILE } from "./walls/seatbelt.ts";

/** As the first argument it makes a process a sandbox. */
export const HIDDEN_MODE = "--keysmith-guest";

/**
 * `net`: the `host:port` pairs that the process may reach at most. `program`: what it runs under `deno
 * run`; a compiled executable runs itself. `sandboxExec`: of macOS, to start it under a profile.
 */
export async function startSandboxProcess(
  net: readonly string[],
  program: () => Promise<GuestProgram> = guestProgram,
  sandboxExec = sandboxExecHere(),
): Promise<Deno.ChildProcess> {
  const guest = Deno.build.standalone ? null : await program();
  const plain: StartedProgram = guest === null
    ? { program: ownProgram(), args: [HIDDEN_MODE], env: {} }
    : { program: Deno.execPath(), args: runArguments(net, guest), env: denoEnvironment() };
  const readable = guest === null ? [] : [guest.folder, denoDir()];
  const start = sandboxExec === null
    ? plain
    : await closedStart(plain, { readable, hosts: net }, sandboxExec);
  return startIn(start.program, start.args, start.env);
}

/** Without the environment of this process, and with pipes alone. */
export function startIn(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Deno.ChildProcess {
  return new Deno.Command(program, {
    args: [...args],
    clearEnv: true,
    env: { ...windowsRoot(), ...env },
    cwd: Deno.build.os === "windows" ? "C:\\" : "/",
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/**
 * From a checkout: `deno run` with no more than the Worker's hosts and, until the Worker has loaded, its
 * program. A compiled program has its flags baked in and gives its permissions up by itself.
 */
export function runArguments(
  net: readonly string[],
  { kind, main, folder }: GuestProgram,
): string[] {
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-remote",
    "--deny-import",
    "--cached-only",
    "--unstable-worker-options",
    ...(kind === "bundle"
      ? ["--no-config", "--no-lock", "--no-npm"]
      : [`--config=${folder}/deno.json`]),
    `--allow-read=${Deno.build.os === "darwin" ? `${folder},${REFUSED_FILE}` : folder}`,
    `--allow-ffi=${LIBC_PATHS.join(",")}`,
    ...(net.length > 0 ? [`--allow-net=${net.join(",")}`] : []),
    main,
    HIDDEN_MODE,
    folder,
    ...(kind === "sources" ? [denoDir()] : []),
  ];
}

/** What `deno run` cannot start without, or would say or do by itself. */
export function denoEnvironment(): Record<string, string> {
  return { DENO_DIR: denoDir(), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
}

/** Sockets on Windows need `SystemRoot`. */
function windowsRoot(): Record<string, string> {
  const root = Deno.build.os === "windows" ? Deno.env.get("SystemRoot") : undefined;
  return root === undefined ? {} : { SystemRoot: root };
}
