/**
 * Which configuration files there are and how they are laid over one another: the user's own first,
 * over it `keysmith.yaml` of the working folder or the file `--config` names. Services, secrets and apps
 * are replaced whole, by name. `policy` and `store` count in the user's own file alone: a repository that
 * was checked out must not be able to switch them. Of `model` it may say the name alone: whoever says
 * the endpoint gets the key; and what tokens cost (`llm`) it does not say.
 */
import { isAbsolute, join, resolve } from "node:path";
import type { Config, ConfigLayer, ModelConfig } from "./config.ts";
import { UNSET_MODEL } from "./config_model.ts";
import { type ConfigFile, readConfigText } from "./config_schema.ts";
import type { Context, Environment } from "./context.ts";
import { AppError } from "./error.ts";
import { readWholeText } from "./read_file.ts";
import { unlessUnchanged } from "./unchanged_files.ts";

const PROJECT_NAMES = ["keysmith.yaml", "keysmith.yml", "keysmith.json"];
const USER_NAMES = ["config.yaml", "config.yml", "config.json"];

export type ConfigFilesContext = Pick<Context, "env" | "configOption" | "workingFolder">;

export interface LayeredFile extends ConfigFile {
  readonly layer: ConfigLayer;
  readonly path: string;
}

/**
 * Every configuration file there is, the user's first. What the working folder's says counts only once
 * the user approved it: `loadConfig` of `store/` decides, and nothing else may use these files.
 *
 * @throws {AppError} `BAD_CONFIG` for an invalid file, `NOT_FOUND` when `--config` names none.
 */
export async function readLayers(ctx: ConfigFilesContext): Promise<readonly LayeredFile[]> {
  const paths = candidates(ctx);
  return await unlessUnchanged(ctx.env, paths, () => readFiles(ctx));
}

/** Every path at which a file counts, or would. */
export function candidates({ env, configOption, workingFolder }: ConfigFilesContext): string[] {
  const user = userConfigFolder(env);
  return [
    ...(user === null ? [] : USER_NAMES.map((name) => join(user, name))),
    ...(configOption === undefined
      ? PROJECT_NAMES.map((name) => join(workingFolder, name))
      : [resolve(workingFolder, configOption)]),
  ];
}

async function readFiles(ctx: ConfigFilesContext): Promise<LayeredFile[]> {
  const { workingFolder: folder } = ctx;
  const files: LayeredFile[] = [];
  const own = await findUserFile(ctx.env);
  if (own !== null) files.push(layered(own, "user"));
  if (ctx.configOption !== undefined) {
    files.push(layered(await readNamed(resolve(folder, ctx.configOption)), "option"));
  } else {
    const project = await findFile(folder, PROJECT_NAMES);
    if (project !== null) files.push(layered(project, "project"));
  }
  return files;
}

/** The configuration that the files make, laid over one another. Without any it is empty. */
export function composeConfig(files: readonly LayeredFile[], env: Environment): Config {
  const own = files.find((file) => file.layer === "user");
  return {
    services: new Map(files.flatMap((file) => [...file.services])),
    secrets: new Map(files.flatMap((file) => [...file.secrets])),
    apps: new Map(files.flatMap((file) => [...file.apps])),
    policy: { allowExecSecrets: own?.policy?.allowExecSecrets ?? false },
    store: own?.store ?? null,
    model: modelOf(files),
    prices: files.findLast(({ layer, llm }) => layer !== "project" && llm !== null)?.llm?.prices ??
      new Map(),
    files: files.map((file) => file.path),
    warnings: files.flatMap((file) => warningsOf(file, env)),
    unapproved: null,
  };
}

/** The last file counts whole, but that the working folder's changes nothing but the name. */
function modelOf(files: readonly LayeredFile[]): ModelConfig | null {
  const last = (layers: readonly ConfigLayer[]) =>
    files.findLast(({ layer, model }) => layers.includes(layer) && model !== null)?.model ?? null;
  const trusted = last(["user", "option"]);
  const project = last(["project"]);
  if (trusted === null || project === null) {
    return trusted ?? (project === null ? null : { ...UNSET_MODEL, name: project.name });
  }
  return { ...trusted, name: project.name ?? trusted.name };
}

/**
 * The user's own configuration file, whether or not it exists.
 *
 * @throws {AppError} `USAGE` when the environment does not say where it would be.
 */
export function userConfigPath(env: Environment): string {
  return join(requireUserFolder(env), USER_NAMES[0]!);
}

function requireUserFolder(env: Environment): string {
  const folder = userConfigFolder(env);
  if (folder !== null) return folder;
  throw new AppError("USAGE", "There is no folder for your own configuration", {
    hint: "Set XDG_CONFIG_HOME or HOME to an absolute path",
  });
}

/** The file that `config set` and the other writers of a layer change. */
export async function configFileOf(
  ctx: ConfigFilesContext,
  layer: "user" | "project",
): Promise<string> {
  const { workingFolder: folder } = ctx;
  if (layer === "project") {
    return ctx.configOption === undefined
      ? (await findFile(folder, PROJECT_NAMES))?.path ?? join(folder, PROJECT_NAMES[0]!)
      : resolve(folder, ctx.configOption);
  }
  return (await findUserFile(ctx.env))?.path ?? userConfigPath(ctx.env);
}

/** The user's own file; `null` where there is none. */
export async function userConfigFile(env: Environment): Promise<string | null> {
  return (await findUserFile(env))?.path ?? null;
}

async function findUserFile(env: Environment): Promise<FoundFile | null> {
  const folder = userConfigFolder(env);
  return folder === null ? null : await findFile(folder, USER_NAMES);
}

/** Nobody writes a longer configuration. */
const MAX_BYTES = 4 * 1024 * 1024;

interface FoundFile {
  readonly path: string;
  readonly text: string;
}

function layered(file: FoundFile, layer: ConfigLayer): LayeredFile {
  const parsed = readConfigText(file.text, { layer, file: file.path });
  return { ...parsed, layer, path: file.path };
}

async function findFile(
  folder: string,
  names: readonly string[],
): Promise<FoundFile | null> {
  for (const name of names) {
    const path = join(folder, name);
    await requirePlainFile(path);
    const text = await readIfThere(path);
    if (text !== null) return { path, text };
  }
  return null;
}

/** Of a folder that may be anybody's: reading a pipe or a device would not come to an end. */
async function requirePlainFile(path: string): Promise<void> {
  const info = await Deno.stat(path).catch(() => null);
  if (info === null || info.isDirectory || info.isFile && info.size <= MAX_BYTES) return;
  const problem = info.isFile ? `is larger than ${MAX_BYTES} bytes` : "is not a regular file";
  throw new AppError("BAD_CONFIG", `Cannot read "${path}": it ${problem}`, {
    hint: "Remove it, or work in another folder",
    details: { file: path },
  });
}

async function readNamed(path: string): Promise<FoundFile> {
  const text = await readIfThere(path);
  if (text === null) {
    throw new AppError("NOT_FOUND", `There is no configuration file "${path}"`, {
      hint: "Name an existing file with --config, or leave the option out",
      details: { file: path },
    });
  }
  return { path, text };
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readWholeText(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return null;
    }
    throw new AppError("BAD_CONFIG", `Cannot read "${path}"`, {
      details: { file: path },
      cause: error,
    });
  }
}

/** Absolute, so that no working folder can pass for the user's own; `null` where none is set. */
function userConfigFolder(env: Environment): string | null {
  const xdg = env.get("XDG_CONFIG_HOME");
  if (xdg && isAbsolute(xdg)) return join(xdg, "keysmith");
  const appData = Deno.build.os === "windows" ? env.get("APPDATA") : undefined;
  if (appData && isAbsolute(appData)) return join(appData, "keysmith");
  const home = env.get("HOME") || env.get("USERPROFILE");
  return home && isAbsolute(home) ? join(home, ".config", "keysmith") : null;
}

function warningsOf(file: LayeredFile, env: Environment): string[] {
  if (file.layer === "user") return [];
  const ignored = [
    ...(file.policy === null ? [] : ["policy"]),
    ...(file.store === null ? [] : ["store"]),
    ...(file.layer === "project" && saysMoreThanName(file.model) ? ["model"] : []),
    ...(file.layer === "project" && file.llm !== null ? ["llm"] : []),
  ];
  return ignored.map((key) =>
    `"${key}" in ${file.path} has no effect: it counts only in ${userConfigPath(env)}`
  );
}

function saysMoreThanName(model: ModelConfig | null): boolean {
  return model !== null &&
    Object.entries(model).some(([key, value]) => key !== "name" && value !== null);
}
