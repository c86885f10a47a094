/** The folder in which a browser keeps its state. It holds the session: 0700, and a fresh one is removed at the end. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

export interface BrowserProfile {
  readonly path: string;
  remove(): void;
}

const PREFIX = "keysmith-browser-";
/** In a fresh profile: the process that removes it. */
const OWNER_FILE = "keysmith-owner";

/** `kept`: where a profile is that stays; a fresh one when left out. */
export function browserProfile(kept: string | undefined): BrowserProfile {
  if (kept !== undefined) {
    mkdirSync(kept, { recursive: true, mode: 0o700 });
    if (Deno.build.os !== "windows") chmodSync(kept, 0o700);
    rmSync(join(kept, "DevToolsActivePort"), { force: true });
    return { path: kept, remove: () => {} };
  }
  removeAbandoned(tmpdir());
  // mkdtemp makes it 0700.
  const path = mkdtempSync(join(tmpdir(), PREFIX));
  writeFileSync(join(path, OWNER_FILE), String(process.pid));
  return { path, remove: () => removeFolder(path) };
}

/** Profiles whose process ended without a chance to remove them: it was killed, or the machine stopped. */
export function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(folder, name);
    try {
      const owner = Number(readFileSync(join(path, OWNER_FILE), "utf8"));
      if (lstatSync(path).isDirectory() && owner > 0 && !isRunning(owner)) removeFolder(path);
    } catch {
      // Somebody else's, or it went meanwhile.
    }
  }
}

/** Signal 0 only asks (kill(2)); what may not be asked is there. A process with a list of programs sends none. */
function isRunning(pid: number): boolean {
  if (Deno.build.os === "linux") return existsSync(`/proc/${pid}`);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/** Helpers of the browser may still write while it ends. */
function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
