/** `last_use`: an empty file whose time says when the credentials of an account were last used. */
import { createPrivateFile } from "./atomic.ts";
import type { Home } from "./home.ts";

export async function noteUse(home: Home, app: string, nowMs: number): Promise<void> {
  const path = home.appFile(app, "last_use");
  await createPrivateFile(path);
  await Deno.utime(path, nowMs / 1000, nowMs / 1000);
}

/** In milliseconds since the Unix epoch; `null` before the first use. */
export async function lastUseMs(home: Home, app: string): Promise<number | null> {
  try {
    return (await Deno.stat(home.appFile(app, "last_use"))).mtime?.getTime() ?? null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
