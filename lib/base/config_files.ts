/**
 * Which configuration files there are and how they are laid over one another: the user's own first,
 * over it `keysmith.yaml` of the working folder or the file `--config` names. Services and secrets are
 * replaced whole, by name. `policy` and `store` count in the user's own file alone: a repository that
 * was checked out must not be able to switch them. Of `model` it may say the name alone: whoever says
 * the endpoint gets the key.
 */
import { join, resolve } from "node:path";
import type { Config, ConfigLayer, ModelConfig } from "./config.ts";
import { type ConfigFile, readConfigText, UNSET_MODEL } from "./config_schema.ts";
import type { Context, Environment } from "./context.ts";
import { AppError } from "./error.ts";

const PROJECT_NAMES = ["keysmith.yaml", "keysmith.yml", "keysmith.json"];
const USER_NAMES = ["config.yaml", "config.yml", "config.json"];

interface LayeredFile extends ConfigFile {
  readonly layer: ConfigLayer;
  readonly path: string;
}

/**
 * The configuration in force. Without any file it is empty.
 *
 * @param folder The working folder.
 * @throws {AppError} `BAD_CONFIG` for an invalid file, `NOT_FOUND` when `--config` names none.
 */
export async function loadConfig(
  ctx: Pick<Context, "env" | "configOption">,
  folder: string = Deno.cwd(),
): Promise<Config> {
  const files = await readLayers(ctx, folder);
  const own = files.find((file) => file.layer === "user");
  return {
    services: new Map(files.flatMap((file) => [...file.services])),
    secrets: new Map(files.flatMap((file) => [...file.secrets])),
    policy: { allowExecSecrets: own?.policy?.allowExecSecrets ?? false },
    store: own?.store ?? null,
    model: modelOf(files),
    files: files.map((file) => file.path),
    warnings: files.flatMap((file) => warningsOf(file, userConfigPath(ctx.env))),
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

/** The user's own configuration file, whether or not it exists. */
export function userConfigPath(env: Environment): string {
  return join(userConfigFolder(env), USER_NAMES[0]!);
}

/** The file that `config set` and the other writers of a layer change. */
export async function configFileOf(
  ctx: Pick<Context, "env" | "configOption">,
  layer: "user" | "project",
  folder: string = Deno.cwd(),
): Promise<string> {
  if (layer === "project") {
    return ctx.configOption === undefined
      ? (await findFile(folder, PROJECT_NAMES))?.path ?? join(folder, PROJECT_NAMES[0]!)
      : resolve(folder, ctx.configOption);
  }
  return (await findFile(userConfigFolder(ctx.env), USER_NAMES))?.path ?? userConfigPath(ctx.env);
}

async function readLayers(
  ctx: Pick<Context, "env" | "configOption">,
  folder: string,
): Promise<LayeredFile[]> {
  const files: LayeredFile[] = [];
  const own = await findFile(userConfigFolder(ctx.env), USER_NAMES);
  if (own !== null) files.push(layered(own, "user"));
  if (ctx.configOption !== undefined) {
    files.push(layered(await readNamed(resolve(folder, ctx.configOption)), "option"));
  } else {
    const project = await findFile(folder, PROJECT_NAMES);
    if (project !== null) files.push(layered(project, "project"));
  }
  return files;
}

function layered(file: { path: string; text: string }, layer: ConfigLayer): LayeredFile {
  const parsed = readConfigText(file.text, { layer, file: file.path });
  return { ...parsed, layer, path: file.path };
}

async function findFile(
  folder: string,
  names: readonly string[],
): Promise<{ path: string; text: string } | null> {
  for (const name of names) {
    const path = join(folder, name);
    const text = await readIfThere(path);
    if (text !== null) return { path, text };
  }
  return null;
}

async function readNamed(path: string): Promise<{ path: string; text: string }> {
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
    return await Deno.readTextFile(path);
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

function userConfigFolder(env: Environment): string {
  const xdg = env.get("XDG_CONFIG_HOME");
  if (xdg) return join(xdg, "keysmith");
  const appData = Deno.build.os === "windows" ? env.get("APPDATA") : undefined;
  if (appData) return join(appData, "keysmith");
  return join(env.get("HOME") || env.get("USERPROFILE") || ".", ".config", "keysmith");
}

function warningsOf(file: LayeredFile, userPath: string): string[] {
  if (file.layer === "user") return [];
  const ignored = [
    ...(file.policy === null ? [] : ["policy"]),
    ...(file.store === null ? [] : ["store"]),
    ...(file.layer === "project" && saysMoreThanName(file.model) ? ["model"] : []),
  ];
  return ignored.map((key) =>
    `"${key}" in ${file.path} has no effect: it counts only in ${userPath}`
  );
}

function saysMoreThanName(model: ModelConfig | null): boolean {
  return model !== null &&
    Object.entries(model).some(([key, value]) => key !== "name" && value !== null);
}
