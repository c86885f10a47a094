/** How a client on this machine starts the server: with what was chosen here, since it has no shell's environment. */
import { fileURLToPath } from "node:url";
import { isAbsolute, resolve } from "node:path";
import { textSourcesIn } from "../base/config_sources.ts";
import type { Context } from "../base/context.ts";
import { userConfigFile } from "../base/config_files.ts";
import { openHome } from "../store/home.ts";
import { loadConfig } from "../store/load_config.ts";

export interface McpEntry {
  readonly command: string;
  readonly args: readonly string[];
  /** Plain settings: folders, no secrets. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of the environment variables that hold secrets of the configuration. */
  readonly variables: readonly string[];
  /** What the server will not have, as sentences. */
  readonly notes: readonly string[];
}

/** Variables that say where files are, or what is allowed. */
const SETTINGS = ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "KEYSMITH_ALLOW_HTTP"];

/** `serving`: words behind `mcp stdio`. @throws {AppError} `BAD_CONFIG`. */
export async function mcpEntry(ctx: Context, serving: readonly string[]): Promise<McpEntry> {
  const config = await loadConfig(ctx);
  const { command, args } = launcher();
  const file = await chosenConfig(ctx, config.files);
  const settings = SETTINGS.map((name) => [name, ctx.env.get(name)] as const);
  const isHomeSet = ctx.homeOption === undefined && Boolean(ctx.env.get("KEYSMITH_HOME"));
  return {
    command,
    args: [
      ...args,
      ...(ctx.homeOption === undefined ? [] : ["--home", openHome(ctx).root]),
      ...(file === null ? [] : ["--config", file]),
      "mcp",
      "stdio",
      ...serving,
    ],
    env: {
      ...(isHomeSet ? { KEYSMITH_HOME: openHome(ctx).root } : {}),
      ...Object.fromEntries(settings.flatMap(([name, value]) => value ? [[name, value]] : [])),
    },
    variables: [...new Set(variablesIn([config.services, config.secrets]))].toSorted(),
    notes: config.unapproved === null ? [] : [
      `"${config.unapproved.file}" is not approved and was left out: keysmith config approve`,
    ],
  };
}

/** The file that counts here beside the user's own, whatever folder the client starts the server in. */
async function chosenConfig(ctx: Context, files: readonly string[]): Promise<string | null> {
  const { configOption, workingFolder } = ctx;
  if (configOption !== undefined) return resolve(workingFolder, configOption);
  const own = await userConfigFile(ctx.env);
  const project = files.find((file) => file !== own);
  return project === undefined || !isAbsolute(project) ? null : project;
}

function variablesIn(parts: readonly unknown[]): string[] {
  return textSourcesIn(parts).flatMap((source) => source.type === "env" ? [source.value] : []);
}

/** The executable itself; under `deno run` the runtime and the main module. */
function launcher(): { readonly command: string; readonly args: readonly string[] } {
  return Deno.build.standalone
    ? { command: Deno.execPath(), args: [] }
    : { command: Deno.execPath(), args: ["run", "-A", fileURLToPath(Deno.mainModule)] };
}
