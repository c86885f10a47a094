/** How the sandbox process is started: this same program, under `deno run` or compiled. */
import { denoDir } from "./deno_dir.ts";
import { type GuestProgram, guestProgram } from "./guest_program.ts";

/** A started sandbox process with its three pipes. */
export type SandboxProcess = Deno.ChildProcess;

/**
 * `net`: the `host:port` pairs that the process may reach at most. `program`: what it runs under `deno
 * run`; a compiled executable runs itself.
 */
export async function startSandboxProcess(
  net: readonly string[],
  program: () => Promise<GuestProgram> = guestProgram,
): Promise<SandboxProcess> {
  const args = Deno.build.standalone ? ["--keysmith-guest"] : runArguments(net, await program());
  return new Deno.Command(Deno.execPath(), {
    args,
    clearEnv: true,
    env: environment(),
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
function runArguments(net: readonly string[], { kind, main, folder }: GuestProgram): string[] {
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
    `--allow-read=${folder}`,
    ...(net.length > 0 ? [`--allow-net=${net.join(",")}`] : []),
    main,
    "--keysmith-guest",
  ];
}

/** Empty, but for what the runtime itself cannot start without. */
function environment(): Record<string, string> {
  if (Deno.build.standalone) return windowsRoot();
  return { ...windowsRoot(), DENO_DIR: denoDir(), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
}

/** Sockets on Windows need `SystemRoot`. */
function windowsRoot(): Record<string, string> {
  const root = Deno.build.os === "windows" ? Deno.env.get("SystemRoot") : undefined;
  return root === undefined ? {} : { SystemRoot: root };
}
