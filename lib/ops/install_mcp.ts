/** Registers the MCP server with clients on this machine, and says how to with others. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Context } from "../base/context.ts";
import { AppError, messageOf } from "../base/error.ts";
import { isRecord } from "../base/json.ts";
import { readTextFile, writeFileAtomic } from "../store/atomic.ts";
import { openHome } from "../store/home.ts";

export interface InstallMcpInput {
  /** Apps and services to offer; all when empty. */
  readonly only?: readonly string[];
  /** Only say what would be written. */
  readonly dryRun?: boolean;
}

export interface InstallMcpOutput {
  /** Claude Desktop's configuration file; `null` where there is no Claude Desktop. */
  readonly file: string | null;
  readonly status: "added" | "updated" | "unchanged" | "not-installed" | "dry-run";
  /** The entry, for any client that takes `mcpServers`. */
  readonly snippet: { readonly mcpServers: { readonly keysmith: McpEntry } };
}

export interface McpEntry {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Adds the server to Claude Desktop's configuration, keeping everything else that is in it.
 *
 * @throws {AppError} `BAD_INPUT` when that file is damaged: it is left as it is.
 */
export async function installMcp(
  ctx: Context,
  { only = [], dryRun = false }: InstallMcpInput = {},
): Promise<InstallMcpOutput> {
  const entry = entryOf(ctx, only);
  const snippet = { mcpServers: { keysmith: entry } };
  const file = await claudeDesktopConfig(ctx);
  if (file === null) return { file, status: "not-installed", snippet };
  const config = await readConfig(file);
  const servers = serversOf(config, file);
  const before = JSON.stringify(servers["keysmith"]);
  if (before === JSON.stringify(entry)) return { file, status: "unchanged", snippet };
  if (dryRun) return { file, status: "dry-run", snippet };
  const updated = { ...config, mcpServers: { ...servers, keysmith: entry } };
  await writeFileAtomic(file, JSON.stringify(updated, null, 2) + "\n");
  return { file, status: before === undefined ? "added" : "updated", snippet };
}

/** Clients start the server without the shell's environment, so what was chosen here is written down. */
function entryOf(ctx: Context, only: readonly string[]): McpEntry {
  const isHomeChosen = ctx.homeOption !== undefined || ctx.env.get("KEYSMITH_HOME") !== undefined;
  const { command, args } = launcher();
  return {
    command,
    args: [
      ...args,
      ...(ctx.configOption === undefined ? [] : ["--config", absolute(ctx.configOption)]),
      "mcp",
      "stdio",
      ...only,
    ],
    ...(isHomeChosen ? { env: { KEYSMITH_HOME: openHome(ctx).root } } : {}),
  };
}

/** The executable itself; under `deno run` the runtime and the main module. */
function launcher(): McpEntry {
  return Deno.build.standalone
    ? { command: Deno.execPath(), args: [] }
    : { command: Deno.execPath(), args: ["run", "-A", fileURLToPath(Deno.mainModule)] };
}

function absolute(path: string): string {
  return /^(\/|[A-Za-z]:[\\/])/.test(path) ? path : join(Deno.cwd(), path);
}

/** `null` unless Claude Desktop has been started here: its folder is there. */
async function claudeDesktopConfig(ctx: Context): Promise<string | null> {
  const folder = configFolder(ctx);
  if (folder === null) return null;
  const file = join(folder, "Claude", "claude_desktop_config.json");
  try {
    if (!(await Deno.stat(dirname(file))).isDirectory) return null;
    // A link stays one: what it points to is replaced.
    return await Deno.realPath(file).catch(() => file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function configFolder({ env }: Pick<Context, "env">): string | null {
  const home = env.get("HOME");
  switch (Deno.build.os) {
    case "windows":
      return env.get("APPDATA") ?? null;
    case "darwin":
      return home === undefined ? null : join(home, "Library", "Application Support");
    default:
      return env.get("XDG_CONFIG_HOME") || (home === undefined ? null : join(home, ".config"));
  }
}

async function readConfig(file: string): Promise<Record<string, unknown>> {
  const text = (await readTextFile(file))?.replace(/^\uFEFF/, "").trim() ?? "";
  if (text === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The rest of V8's message quotes the file, which may hold keys of other servers.
    const place = /line \d+ column \d+/.exec(messageOf(error))?.[0];
    throw damaged(file, `it is not JSON${place === undefined ? "" : ` (${place})`}`);
  }
  if (!isRecord(value)) throw damaged(file, "it is no JSON object");
  return value;
}

function serversOf(config: Record<string, unknown>, file: string): Record<string, unknown> {
  const servers = config["mcpServers"] ?? {};
  if (!isRecord(servers)) throw damaged(file, '"mcpServers" is no object');
  return servers;
}

function damaged(file: string, problem: string): AppError {
  return new AppError("BAD_INPUT", `Cannot change "${file}": ${problem}`, {
    hint: "Repair the file first; nothing was written",
    details: { file },
  });
}
