/** Takes a login script written by hand. It runs in the same sandbox, and on the user's word. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { allowsPlainHttp } from "../base/plain_http.ts";
import { isLoopbackHost } from "../http/url.ts";
import { canonicalHost } from "../sandbox/reach.ts";
import { prepareScript } from "../script/prepare.ts";
import { readAppInfo, writeAppInfo } from "../store/app_file.ts";
import { readTextFile } from "../store/atomic.ts";
import { checkAppName, type Home, openHome } from "../store/home.ts";
import { writeAuthRecord } from "../token/auth_file.ts";
import { scriptSha256, writeAuthScript } from "../token/script_file.ts";

export interface AdoptScriptInput {
  readonly app: string;
  /** Path of the script, TypeScript. */
  readonly file: string;
  /** `HOST:PORT` of everything the script may reach and its credentials may be sent to. */
  readonly hosts: readonly string[];
}

export interface AdoptScriptOutput {
  readonly app: string;
  /** True when the app was not known before. */
  readonly created: boolean;
  /** Where the script is now. */
  readonly script: string;
  readonly hosts: readonly string[];
  /** True when the script can refresh. */
  readonly refreshes: boolean;
}

/**
 * @throws {AppError} `NOT_FOUND` for a missing file, `SCRIPT_REFUSED` with its line, `BAD_INPUT` for a malformed
 * host, `USAGE` without a host or for a malformed name. Nothing is written then.
 */
export async function adoptScript(
  ctx: Context,
  { app, file, hosts: given }: AdoptScriptInput,
): Promise<AdoptScriptOutput> {
  checkAppName(app);
  const home = openHome(ctx);
  const script = home.appFile(app, "auth_acquire.ts");
  const hosts = [...new Set(given.map(canonicalHost))];
  if (hosts.length === 0) throw noHost(app, file);
  const source = await readTextFile(file);
  if (source === null) {
    throw new AppError("NOT_FOUND", `Cannot find file "${file}"`, {
      hint: "Give the path of a login script",
      details: { file },
    });
  }
  const refreshes = prepareScript(source, file).exports.has("refresh_token");
  const apiOrigins = hosts.flatMap((host) => originsOf(host, allowsPlainHttp(ctx)));
  const created = await ensureApp(ctx, home, app, apiOrigins);
  await writeAuthScript(home, app, source);
  await writeAuthRecord(home, app, {
    hosts,
    apiOrigins,
    inputs: [],
    refresh: refreshes ? "inferred" : "none",
    proof: null,
    scriptSha256: scriptSha256(source),
    source: "adopted",
    consent: null,
    probe: null,
    moreProbes: [],
    steps: [],
    values: [],
    watched: [],
    learnt: [],
  });
  return { app, created, script, hosts, refreshes };
}

/** Plain http for this machine, https for others, and where it is allowed plain http for them too. */
function originsOf(host: string, allowHttp: boolean): string[] {
  const { hostname, origin } = new URL(`https://${host}`);
  const plain = new URL(`http://${host}`).origin;
  if (isLoopbackHost(hostname)) return [plain];
  return allowHttp ? [origin, plain] : [origin];
}

async function ensureApp(
  ctx: Context,
  home: Home,
  app: string,
  baseUrls: readonly string[],
): Promise<boolean> {
  if (await readAppInfo(home, app) !== null) return false;
  const now = new Date(ctx.clock.nowMs()).toISOString();
  await writeAppInfo(home, { name: app, displayName: app, baseUrls, created: now, updated: now });
  return true;
}

function noHost(app: string, file: string): AppError {
  return new AppError("USAGE", "A script needs at least one host it may reach", {
    hint: `keysmith auth adopt ${app} ${file} --host login.example.com:443`,
  });
}
