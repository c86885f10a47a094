/** Registers the MCP server with the clients of this machine, or takes it out again. */
import { isDeepStrictEqual } from "node:util";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { appOf } from "../store/account.ts";
import { readTextFile, writeFileAtomic } from "../store/atomic.ts";
import { jsonMember, SettingsProblem, withJsonMember } from "./edit_json.ts";
import { tomlMember, withTomlMember } from "./edit_toml.ts";
import { toolOwners } from "./find_tool_owner.ts";
import { clientFolders, entryFor, MCP_CLIENTS, type McpClient } from "./mcp_clients.ts";
import { type McpEntry, mcpEntry } from "./mcp_entry.ts";

export interface InstallMcpInput {
  /** Words behind `mcp stdio`: what to offer, and how; none for everything. */
  readonly serving?: readonly string[];
  /** Of these words, the names of apps and services. */
  readonly owners?: readonly string[];
  /** Ids of clients; those that are found on this machine when empty. */
  readonly clients?: readonly string[];
  /** Take the entry out. */
  readonly remove?: boolean;
  /** Only say what would be written. */
  readonly dryRun?: boolean;
  /** Look at no client: only the snippet is wanted. */
  readonly snippetOnly?: boolean;
}

export interface InstallMcpOutput {
  readonly clients: readonly ClientResult[];
  /** Clients whose settings could not be changed, and are as they were. */
  readonly failures: readonly ClientFailure[];
  /** For any client that takes `mcpServers`. Secrets stand in it by the names of their variables. */
  readonly snippet: { readonly mcpServers: { readonly keysmith: Record<string, unknown> } };
  /** What the server will not have, as sentences. */
  readonly notes: readonly string[];
}

export interface ClientResult {
  readonly client: string;
  readonly name: string;
  readonly file: string;
  readonly status: "added" | "updated" | "removed" | "unchanged";
  /** The entries before and after; secrets as in `snippet`. */
  readonly before: unknown;
  readonly after: unknown;
  /** Where the file as it was is kept; `null` when nothing was written, or there was no file. */
  readonly backup: string | null;
  /** Variables whose values stand in the backup, since the client handed on none. */
  readonly keptIn: readonly string[];
  /** Variables whose values stand in the file, since the client hands on none. */
  readonly written: readonly string[];
}

export interface ClientFailure {
  readonly client: string;
  readonly name: string;
  /** `BAD_INPUT` for a file that cannot be understood, else why it cannot be read or written. */
  readonly error: AppError;
}

const SERVER = "keysmith";

/**
 * Changes nothing of a settings file but the entry of the server, and keeps the file as it was beside it.
 *
 * @throws {AppError} `NOT_FOUND` for an owner there is not: the server would end at each start; `USAGE` for an
 * unknown client. One whose file cannot be changed keeps none of the others from being changed: see `failures`.
 */
export async function installMcp(
  ctx: Context,
  input: InstallMcpInput = {},
): Promise<InstallMcpOutput> {
  const { serving = [], owners = [], clients = [], remove = false, dryRun = false } = input;
  requireClients(clients);
  if (!remove) await requireOwners(ctx, owners);
  const entry = await mcpEntry(ctx, serving);
  const results: ClientResult[] = [];
  const failures: ClientFailure[] = [];
  for (const client of input.snippetOnly ? [] : await chosenClients(ctx, clients)) {
    try {
      results.push(await changeClient(ctx, client, remove ? null : entry, dryRun));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      failures.push({ client: client.id, name: client.name, error });
    }
  }
  const shown = shownEntry(MCP_CLIENTS[0]!, entry);
  const snippet = { mcpServers: { [SERVER]: shown } };
  return { clients: results, failures, snippet, notes: entry.notes };
}

async function requireOwners(ctx: Context, names: readonly string[]): Promise<void> {
  const known = (await toolOwners(ctx)).map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(appOf(name)));
  if (unknown === undefined) return;
  throw new AppError("NOT_FOUND", `No app or service is named "${unknown}"`, {
    hint: known.length === 0
      ? `keysmith capture import ${appOf(unknown)} FILE`
      : `There are: ${known.join(", ")}`,
    details: { name: unknown, known },
  });
}

function requireClients(ids: readonly string[]): void {
  const known = MCP_CLIENTS.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  throw new AppError("USAGE", `No client is named "${unknown}"`, {
    hint: `There are: ${known.join(", ")}`,
  });
}

async function chosenClients(ctx: Context, ids: readonly string[]): Promise<McpClient[]> {
  const found: McpClient[] = [];
  for (const client of MCP_CLIENTS) {
    if (ids.length === 0 ? await isHere(ctx, client) : ids.includes(client.id)) found.push(client);
  }
  return found;
}

async function isHere({ env }: Context, client: McpClient): Promise<boolean> {
  const traces = client.traces(clientFolders(env)).filter((path) => path !== null);
  for (const path of traces) {
    if (await Deno.stat(path).then(() => true, () => false)) return true;
  }
  return false;
}

async function changeClient(
  ctx: Context,
  client: McpClient,
  entry: McpEntry | null,
  dryRun: boolean,
): Promise<ClientResult> {
  const file = await settingsFile(ctx, client);
  const text = (await readTextFile(file))?.replace(/^\uFEFF/, "") ?? null;
  const value = entry === null ? undefined : entryFor(client, entry, (name) => ctx.env.get(name));
  const edit = client.format === "json" ? withJsonMember : withTomlMember;
  const read = client.format === "json" ? jsonMember : tomlMember;
  const before = within(file, () => read(text ?? "", client.section, SERVER));
  const written = entry === null || client.reference !== null
    ? []
    : entry.variables.filter((name) => ctx.env.get(name) !== undefined);
  const result = {
    client: client.id,
    name: client.name,
    file,
    before: withoutSecrets(before),
    after: entry === null ? undefined : shownEntry(client, entry),
    written,
    keptIn: client.reference === null ? Object.keys(environmentOf(before)) : [],
  };
  if (isDeepStrictEqual(plain(before), plain(value))) {
    return { ...result, status: "unchanged", backup: null, keptIn: [] };
  }
  const status = value === undefined ? "removed" : before === undefined ? "added" : "updated";
  const changed = within(file, () => edit(text ?? "", client.section, SERVER, value));
  if (dryRun) return { ...result, status, backup: null };
  const backup = text === null ? null : await keepBackup(ctx, file, text);
  await writeFileAtomic(file, changed);
  return { ...result, status, backup };
}

/** A link stays one: what it points to is replaced. */
async function settingsFile({ env }: Context, client: McpClient): Promise<string> {
  const file = client.file(clientFolders(env));
  if (file !== null) return await Deno.realPath(file).catch(() => file);
  throw new AppError("USAGE", `There is no folder for the settings of ${client.name}`, {
    hint: "Set HOME",
  });
}

async function keepBackup(ctx: Context, file: string, text: string): Promise<string> {
  const time = new Date(ctx.clock.nowMs()).toISOString().replaceAll(/[:.]/g, "-");
  const backup = `${file}.${time}.keysmith-backup`;
  await writeFileAtomic(backup, text);
  return backup;
}

/** The entry with names in place of values. */
function shownEntry(client: McpClient, entry: McpEntry): Record<string, unknown> {
  return entryFor(client, entry, (name) => `<the value of ${name}>`);
}

/** What another hand wrote into the environment of an entry may be secret. */
function withoutSecrets(entry: unknown): unknown {
  if (typeof entry !== "object" || entry === null || !("env" in entry)) return entry;
  const names = Object.keys(environmentOf(entry));
  return { ...entry, env: Object.fromEntries(names.map((name) => [name, "…"])) };
}

function environmentOf(entry: unknown): object {
  const env = typeof entry === "object" && entry !== null && "env" in entry ? entry.env : null;
  return typeof env === "object" && env !== null ? env : {};
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** A problem with the file as an error that names it. */
function within<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SettingsProblem)) throw error;
    throw new AppError("BAD_INPUT", `Cannot change "${file}": ${error.message}`, {
      hint: "Repair the file first; nothing was written to it",
      details: { file },
    });
  }
}
