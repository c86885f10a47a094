/** Opens a URL in the user's browser: the platform's own opener, started without a shell. */
import { isLoopbackUrl } from "../base/config_values.ts";
import { toolProgram } from "../base/permitted_programs.ts";

/** How long an opener may take to say that it failed, in milliseconds. A browser it starts goes on. */
const PATIENCE_MS = 2_000;

/**
 * False when there is no browser to open: no opener, no display, or a URL that is neither https nor http
 * on this machine.
 */
export async function openBrowser(url: string): Promise<boolean> {
  const isSafe = URL.parse(url)?.protocol === "https:" || isLoopbackUrl(url);
  const command = isSafe ? opener(Deno.build.os) : null;
  if (command === null) return false;
  try {
    const { program, args, environment } = toolProgram(command[0], [...command.slice(1), url]);
    const child = new Deno.Command(program, {
      args,
      ...environment,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    child.unref();
    return await Promise.race([child.status.then(({ success }) => success), stillRunning()]);
  } catch {
    return false;
  }
}

function opener(os: typeof Deno.build.os): readonly [string, ...string[]] | null {
  switch (os) {
    case "darwin":
      return ["open"];
    case "windows":
      return ["rundll32", "url.dll,FileProtocolHandler"];
    default:
      return hasDisplay() ? ["xdg-open"] : null;
  }
}

function hasDisplay(): boolean {
  return Boolean(Deno.env.get("DISPLAY") || Deno.env.get("WAYLAND_DISPLAY"));
}

/** An opener that has not failed by now has a browser in front of the user. */
function stillRunning(): Promise<boolean> {
  return new Promise((resolve) => Deno.unrefTimer(setTimeout(() => resolve(true), PATIENCE_MS)));
}
