/** The Keysmith home: where every file of the tool lives, and the names under which it lives there. */
import { join } from "node:path";
import type { Context, HeldConfig } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { nearName } from "../base/near_name.ts";
import { accountName, appOf, isAccount, isOwnFile, isPartOfApp, joinedName } from "./account.ts";

/** Longest app name, in characters: file systems allow 255 bytes per name, and names are shown in tables. */
const MAX_APP_NAME_LENGTH = 64;
const APP_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

export class Home {
  /** Absolute path of the home folder; it may not exist yet. */
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  /**
   * The folder of an app, or of the app that an account is of.
   *
   * @throws {AppError} `USAGE` for a name that is not an app name, so that no name leaves the home.
   */
  appDir(name: string): string {
    const { app } = accountName(name);
    checkAppName(app);
    return this.path("apps", app);
  }

  /**
   * The path of a file of an app: `app.json`, `captures.db`, `token.json`, … What an account or an environment
   * has for itself, like its token, is in a folder of its own.
   */
  appFile(name: string, file: string): string {
    return join(isOwnFile(file) ? this.ownDir(name) : this.appDir(name), file);
  }

  /** The folder of what an account or an environment has for itself; of an app's own name that of the app. */
  ownDir(name: string): string {
    const { account } = accountName(name);
    const folder = this.environmentDir(name);
    return account === null ? folder : join(folder, "accounts", account);
  }

  /** The folder of the environment that a name is of; that of the app where it is of none. */
  environmentDir(name: string): string {
    const { environment } = accountName(name);
    const folder = this.appDir(name);
    return environment === null ? folder : join(folder, "environments", environment);
  }

  /** The accounts of an app, or of an environment of it, beside its own, sorted. */
  async listAccounts(name: string): Promise<string[]> {
    return await folderNames(join(this.environmentDir(name), "accounts"), isAccount);
  }

  /** The environments of an app beside the recorded one, sorted. */
  async listEnvironments(app: string): Promise<string[]> {
    return await folderNames(join(this.appDir(app), "environments"), isAccount);
  }

  /** Every name under which an app, or an environment of it, may have a token: the name itself first. */
  async listNames(name: string): Promise<string[]> {
    const own = accountName(name);
    const accounts = (await this.listAccounts(name))
      .map((account) => joinedName({ ...own, account }));
    if (own.environment !== null) return [name, ...accounts];
    const environments = (await this.listEnvironments(name))
      .map((environment) => joinedName({ ...own, environment }));
    const inner = await Promise.all(environments.map((each) => this.listNames(each)));
    return [name, ...accounts, ...inner.flat()];
  }

  /** The names of all apps, sorted. Other files and folders in between are passed over. */
  async listApps(): Promise<string[]> {
    return await folderNames(this.path("apps"), isAppName);
  }

  /** @throws {AppError} `NOT_FOUND` for an app that has no folder, `USAGE` for a malformed name. */
  async requireApp(app: string): Promise<void> {
    if (await isDirectory(this.appDir(app))) return;
    const known = await this.listApps();
    const apps = known.length === 0 ? "there are none yet" : `there are: ${known.join(", ")}`;
    const near = nearName(appOf(app), known);
    throw new AppError("NOT_FOUND", `No app is named "${appOf(app)}"; ${apps}`, {
      hint: near === undefined ? newAppHint(appOf(app)) : `Did you mean ${near}?`,
      details: { app, known },
    });
  }
}

/** How an app comes to be. */
export function newAppHint(app: string): string {
  return `keysmith learn ${app} URL records it in a browser, keysmith capture import ${app} FILE takes a recording`;
}

/**
 * The home the user chose: `--home`, `KEYSMITH_HOME`, `$XDG_DATA_HOME/keysmith`, `~/.local/share/keysmith`;
 * on Windows `%LOCALAPPDATA%\keysmith`. Creates nothing.
 *
 * @throws {AppError} `USAGE` when none of these is set, or `--home` is empty.
 */
export function openHome(ctx: Pick<Context, "env" | "homeOption" | "heldConfig">): Home {
  const known = ctx.heldConfig === undefined ? undefined : servedHomes.get(ctx.heldConfig);
  const home = known ?? findHome(ctx);
  if (ctx.heldConfig !== undefined) servedHomes.set(ctx.heldConfig, home);
  return home;
}

/** Of servers: variables of the environment are looked up slowly, and a call would look up four. */
const servedHomes = new WeakMap<HeldConfig, Home>();

function findHome(ctx: Pick<Context, "env" | "homeOption">): Home {
  if (ctx.homeOption === "") {
    // As of a variable that is not set in a shell: the working folder is not meant.
    throw new AppError("USAGE", "--home names no folder", {
      hint: "Give --home DIR, or leave it out for KEYSMITH_HOME or the usual place",
    });
  }
  const chosen = ctx.homeOption ?? nonEmpty(ctx.env.get("KEYSMITH_HOME"));
  return new Home(absolute(chosen ?? defaultRoot(ctx.env)));
}

/** @throws {AppError} `USAGE` unless `name` is `[a-z0-9]+(-[a-z0-9]+)*` of at most 64 characters. */
export function checkAppName(name: string): void {
  if (isAppName(name)) return;
  if (isPartOfApp(name)) throw partInsteadOfApp(name);
  throw new AppError("USAGE", `"${name}" is not an app name`, {
    hint: `Use lower-case letters and digits in words joined by "-", such as "my-shop"; at most ` +
      `${MAX_APP_NAME_LENGTH} characters`,
    details: { name },
  });
}

function partInsteadOfApp(name: string): AppError {
  const { app, account } = accountName(name);
  const what = account === null ? "environment" : "account";
  return new AppError("USAGE", `"${name}" is an ${what}; this concerns the app as a whole`, {
    hint: `Name the app: ${app}`,
    details: { name },
  });
}

function isAppName(name: string): boolean {
  return name.length <= MAX_APP_NAME_LENGTH && APP_NAME.test(name);
}

function defaultRoot(env: Context["env"]): string {
  if (Deno.build.os === "windows") {
    const local = nonEmpty(env.get("LOCALAPPDATA"));
    if (local !== undefined) return join(local, "keysmith");
  } else {
    const data = nonEmpty(env.get("XDG_DATA_HOME"));
    // The XDG base directory specification says to ignore relative paths.
    if (data?.startsWith("/")) return join(data, "keysmith");
    const home = nonEmpty(env.get("HOME"));
    if (home !== undefined) return join(home, ".local", "share", "keysmith");
  }
  throw new AppError("USAGE", "There is no home folder to keep files in", {
    hint: "Set KEYSMITH_HOME or give --home DIR",
  });
}

function absolute(path: string): string {
  const isAbsolute = path.startsWith("/") || /^[A-Za-z]:[\\/]|^\\\\/.test(path);
  return isAbsolute ? path : join(Deno.cwd(), path);
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value === "" ? undefined : value;
}

/** Sorted; none of a folder that is not there. */
async function folderNames(folder: string, isName: (name: string) => boolean): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.isDirectory && isName(entry.name)) names.push(entry.name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
