/** How the sandbox process is started: this same program, under `deno run` or compiled. */

/** A started sandbox process with its three pipes. */
export type SandboxProcess = Deno.ChildProcess;

/** `net`: the `host:port` pairs that the process may reach at most. */
export function startSandboxProcess(net: readonly string[]): SandboxProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [...(Deno.build.standalone ? [] : runArguments(net)), "--keysmith-guest"],
    clearEnv: true,
    env: environment(),
    cwd: Deno.build.os === "windows" ? "C:\\" : "/",
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/**
 * From a checkout: `deno run` with no more than the Worker's hosts and, until the Worker has loaded, the
 * checkout itself. A compiled program has its flags baked in and gives its permissions up by itself.
 */
function runArguments(net: readonly string[]): string[] {
  const root = new URL("../../", import.meta.url);
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-remote",
    "--deny-import",
    "--cached-only",
    "--unstable-worker-options",
    `--config=${pathOf(new URL("deno.json", root))}`,
    `--allow-read=${pathOf(root)}`,
    ...(net.length > 0 ? [`--allow-net=${net.join(",")}`] : []),
    new URL("main.ts", root).href,
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

/** Where `deno run` keeps its cache, by the rules of `deno info`. */
function denoDir(): string {
  const set = Deno.env.get("DENO_DIR");
  if (set !== undefined) return set;
  const home = Deno.env.get("HOME") ?? "";
  switch (Deno.build.os) {
    case "windows":
      return `${Deno.env.get("LOCALAPPDATA") ?? ""}\\deno`;
    case "darwin":
      return `${home}/Library/Caches/deno`;
    default:
      return `${Deno.env.get("XDG_CACHE_HOME") ?? `${home}/.cache`}/deno`;
  }
}

function pathOf(url: URL): string {
  const path = decodeURIComponent(url.pathname);
  return Deno.build.os === "windows" ? path.slice(1) : path;
}
