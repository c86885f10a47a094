/** The apps there are, and what each holds. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { readAppInfo } from "../store/app_file.ts";
import { type Home, openHome } from "../store/home.ts";
import { TraceStore } from "../store/trace_store.ts";
import { readAuthScript } from "../token/script_file.ts";
import { toolNames } from "../tools/tool_store.ts";
import { deriveOnce } from "./derive_once.ts";

export interface AppContents {
  readonly name: string;
  readonly displayName: string;
  /** Origins, the busiest first. */
  readonly baseUrls: readonly string[];
  readonly captures: number;
  readonly requests: number;
  readonly tools: number;
  readonly hasScript: boolean;
  /** Beside the app's own. */
  readonly accounts: readonly string[];
  /** Beside the recorded one. */
  readonly environments: readonly string[];
}

/** Sorted by name. @throws {AppError} `BAD_STORE`. */
export async function listApps(ctx: Context): Promise<AppContents[]> {
  const home = openHome(ctx);
  const apps: AppContents[] = [];
  for (const name of await home.listApps()) {
    await deriveIfPossible(ctx, home, name);
    apps.push(await appContents(home, name));
  }
  return apps;
}

/**
 * An app that holds nothing to derive tools from, or that is damaged, has none to count; where they cannot be kept, those
 * that are there count.
 */
async function deriveIfPossible(ctx: Context, home: Home, name: string): Promise<void> {
  try {
    await deriveOnce(ctx, home, name);
  } catch (error) {
    if (!(error instanceof AppError) && !isUnwritable(error)) throw error;
  }
}

/** A home on a full disk, or on one that is mounted for reading, is still listed. */
function isUnwritable(error: unknown): boolean {
  return error instanceof Error && "code" in error &&
    ["EROFS", "ENOSPC", "EDQUOT", "EACCES", "EPERM"].includes(String(error.code));
}

export async function appContents(home: Home, name: string): Promise<AppContents> {
  const info = await readAppInfo(home, name);
  using store = TraceStore.open(home.appFile(name, "captures.db"), { readOnly: true });
  const captures = store.captures();
  return {
    name,
    displayName: info?.displayName ?? name,
    baseUrls: info?.baseUrls ?? [],
    captures: captures.length,
    requests: captures.reduce((sum, { traces }) => sum + traces, 0),
    tools: (await toolNames(home, name)).length,
    hasScript: await readAuthScript(home, name) !== null,
    accounts: await home.listAccounts(name),
    environments: await home.listEnvironments(name),
  };
}
