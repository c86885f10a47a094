/** `auth_acquire.ts`: the script and the hash that its proof and the user's consent are bound to. */
import { createHash } from "node:crypto";
import { AppError } from "../base/error.ts";
import { appOf } from "../store/account.ts";
import { readTextFile, writeFileAtomic } from "../store/atomic.ts";
import { inEnvironment, requireOrigins } from "../store/environment.ts";
import type { Home } from "../store/home.ts";

const FILE_NAME = "auth_acquire.ts";

export interface AuthScript {
  readonly path: string;
  /** TypeScript. */
  readonly source: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

/**
 * The script of an app, `null` when it has none; for an environment with its origins.
 *
 * @throws {AppError} `NOT_FOUND` for an unknown environment.
 */
export async function readAuthScript(home: Home, app: string): Promise<AuthScript | null> {
  const path = home.appFile(app, FILE_NAME);
  const written = await readTextFile(path);
  if (written === null) return null;
  const origins = await requireOrigins(home, app);
  const source = origins === null ? written : inEnvironment(written, origins);
  return { path, source, sha256: scriptSha256(source) };
}

/** @throws {AppError} `AUTH_NEEDED` when the app has no script. */
export async function requireAuthScript(home: Home, app: string): Promise<AuthScript> {
  const script = await readAuthScript(home, app);
  if (script !== null) return script;
  throw new AppError("AUTH_NEEDED", `"${app}" has no login script`, {
    hint: `keysmith auth analyze ${appOf(app)}`,
  });
}

export async function writeAuthScript(home: Home, app: string, source: string): Promise<void> {
  await writeFileAtomic(home.appFile(app, FILE_NAME), source);
}

export function scriptSha256(source: string): string {
  return createHash("sha256").update(source).digest("hex");
}
