/**
 * The configuration in force. What the working folder's file says came with whoever wrote the folder:
 * until the user has approved exactly that, nothing of it counts, not even a name. `--config` and the
 * user's own file are the user's word.
 */
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import type { Config, UnapprovedFile } from "../base/config.ts";
import { candidates, composeConfig, type LayeredFile, readLayers } from "../base/config_files.ts";
import { textSourcesIn } from "../base/config_sources.ts";
import { configWords } from "../base/config_words.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { recently } from "../base/recently.ts";
import { whenWritten } from "../base/unchanged_files.ts";
import { broughtPrograms } from "./brought_programs.ts";
import { isFolderApproved } from "./folder_approval.ts";
import { openHome } from "./home.ts";

export type ConfigContext = Pick<
  Context,
  "env" | "configOption" | "homeOption" | "workingFolder" | "heldConfig"
>;

/**
 * Without any file it is empty. A server goes on with the configuration it had: see `HeldConfig`.
 *
 * @throws {AppError} `BAD_CONFIG` for an invalid file, `NOT_FOUND` when `--config` names none.
 */
export async function loadConfig(ctx: ConfigContext): Promise<Config> {
  const held = ctx.heldConfig;
  if (held === undefined) return await readConfig(ctx);
  try {
    held.last = await recently(ctx, "configuration", () => writtenConfig(ctx, held.last));
    held.problem = null;
    return held.last;
  } catch (error) {
    const isOfFiles = error instanceof AppError && ["BAD_CONFIG", "NOT_FOUND"].includes(error.code);
    if (!isOfFiles) throw error;
    held.problem = error;
    return held.last ?? composeConfig([], ctx.env);
  }
}

/** What is gone since `last` may be about to come back. */
async function writtenConfig(ctx: ConfigContext, last: Config | null): Promise<Config> {
  return await whenWritten(
    candidates(ctx),
    () => readConfig(ctx),
    (config) => last === null || hasAllOf(config, last),
  );
}

function hasAllOf(config: Config, last: Config): boolean {
  return (["services", "apps", "secrets"] as const).every((section) =>
    [...last[section].keys()].every((name) => config[section].has(name))
  );
}

async function readConfig(ctx: ConfigContext): Promise<Config> {
  const files = await readLayers(ctx);
  const project = files.find(({ layer }) => layer === "project");
  const unapproved = project === undefined ? null : await unapprovedFile(ctx, project);
  const inForce = unapproved === null ? files : files.filter((file) => file !== project);
  const config = composeConfig(inForce, ctx.env);
  if (unapproved === null) return config;
  // A secret whose name begins with no service of that name keeps none from being used.
  const isThere = (name: string) => project!.services.has(name) || config.services.has(name);
  return {
    ...config,
    unapproved: { ...unapproved, services: unapproved.services.filter(isThere) },
  };
}

async function unapprovedFile(
  ctx: ConfigContext,
  file: LayeredFile,
): Promise<UnapprovedFile | null> {
  const says = configWords(file);
  if (says.length === 0 && file.secrets.size === 0) return null;
  const fingerprint = await fingerprintOf(file);
  if (await isFolderApproved(openHome(ctx), file.path, fingerprint)) return null;
  return {
    file: file.path,
    fingerprint,
    says,
    services: servicesOf(file),
    apps: [...file.apps.keys()],
    hasPrograms: commandsOf(file).length > 0,
  };
}

function servicesOf({ services, secrets }: LayeredFile): string[] {
  const prefixes = [...secrets.keys()].filter((key) => key.includes("."))
    .map((key) => key.slice(0, key.indexOf(".")));
  return [...new Set([...services.keys(), ...prefixes])];
}

async function fingerprintOf(file: LayeredFile): Promise<string> {
  const { path, content } = file;
  const folder = dirname(path);
  const commands = commandsOf(file);
  const hash = createHash("sha256").update(content);
  if (commands.length > 0) hash.update(await broughtPrograms(commands, folder));
  return hash.digest("hex");
}

function commandsOf({ secrets, services, apps }: LayeredFile): string[] {
  return textSourcesIn([secrets, services, apps])
    .flatMap((source) => source.type === "exec" ? source.command : []);
}
