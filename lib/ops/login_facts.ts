/** What a user is told before a login runs: what would run, and what it may reach. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { findBrowser } from "../browser/find_browser.ts";
import { appOf } from "../store/account.ts";
import { openHome } from "../store/home.ts";
import { readAuthScript } from "../token/script_file.ts";
import { authStatus } from "./auth_status.ts";
import { toolOwner } from "./find_tool_owner.ts";
import { listCaptures } from "./list_captures.ts";
import { requireServiceLogin } from "./service_login.ts";

export interface LoginFacts {
  readonly owner: string;
  readonly kind: "app" | "service";
  /** The login script's file; `null` where the provider's own page asks. */
  readonly script: string | null;
  /** `host:port` of what the script may reach. */
  readonly hosts: readonly string[];
  /** Of the script's text. */
  readonly scriptSha256: string | null;
  /** True where the login can be made in a browser of this machine, in a profile that is kept. */
  readonly inBrowser: boolean;
}

/** @throws {AppError} `NOT_FOUND` naming what there is, `UNSUPPORTED` for a service that nobody logs in to. */
export async function loginFacts(ctx: Context, owner: string): Promise<LoginFacts> {
  const { kind } = await toolOwner(ctx, owner);
  if (kind === "service") {
    await requireServiceLogin(ctx, owner);
    return { owner, kind, script: null, hosts: [], scriptSha256: null, inBrowser: false };
  }
  const script = await readAuthScript(openHome(ctx), owner);
  const { hosts } = await authStatus(ctx, { app: owner });
  const inBrowser = await hasRecording(ctx, owner) && isBrowserInstalled(ctx);
  const { path = null, sha256 = null } = script ?? {};
  return { owner, kind, script: path, hosts, scriptSha256: sha256, inBrowser };
}

/** It says which page to open. */
async function hasRecording(ctx: Context, owner: string): Promise<boolean> {
  const app = appOf(owner);
  const { apps } = await listCaptures(ctx, { app });
  return apps.some(({ captures }) => captures.length > 0);
}

function isBrowserInstalled({ env }: Context): boolean {
  try {
    return findBrowser(env, undefined) !== "";
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}
