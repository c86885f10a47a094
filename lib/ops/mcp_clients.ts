/**
 * The clients that `mcp install` knows: where each keeps its servers, and how an entry looks there. Each from
 * the client's own documentation as of 2026.
 */
import { join } from "node:path";
import type { Environment } from "../base/context.ts";
import type { McpEntry } from "./mcp_entry.ts";

export interface McpClient {
  /** As `--client` has it. */
  readonly id: string;
  readonly name: string;
  readonly format: "json" | "toml";
  /** The member of the file that holds the servers by name. */
  readonly section: string;
  /** How a variable of the client's own environment is named in an entry; `null` where the value has to stand there. */
  readonly reference: ((name: string) => string) | null;
  /** Of entries that take more than command, arguments and environment. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** The settings file; `null` where the environment does not say where it would be. */
  file(folders: ClientFolders): string | null;
  /** Folders of which one is there when the client has been used here. */
  traces(folders: ClientFolders): (string | null)[];
}

export interface ClientFolders {
  readonly home: string | null;
  /** Where desktop programs keep their settings. */
  readonly settings: string | null;
  readonly env: Environment;
}

export function clientFolders(env: Environment, os = Deno.build.os): ClientFolders {
  const home = env.get("HOME") || env.get("USERPROFILE") || null;
  const inHome = (...parts: string[]) => home === null ? null : join(home, ...parts);
  const settings = os === "windows"
    ? env.get("APPDATA") || null
    : os === "darwin"
    ? inHome("Library", "Application Support")
    : env.get("XDG_CONFIG_HOME") || inHome(".config");
  return { home, settings, env };
}

function under(folder: string | null, ...parts: string[]): string | null {
  return folder === null ? null : join(folder, ...parts);
}

function zedFolder({ home, settings, env }: ClientFolders): string | null {
  if (Deno.build.os === "windows") return under(settings, "Zed");
  return under(env.get("XDG_CONFIG_HOME") || under(home, ".config"), "zed");
}

const codexFolder = ({ home, env }: ClientFolders) =>
  env.get("CODEX_HOME") || under(home, ".codex");

const JSON_SERVERS = { format: "json", section: "mcpServers" } as const;
const dollarBraces = (name: string) => `\${${name}}`;
const envBraces = (name: string) => `\${env:${name}}`;

export const MCP_CLIENTS: readonly McpClient[] = [
  {
    id: "claude-desktop",
    name: "Claude Desktop",
    ...JSON_SERVERS,
    reference: null,
    file: ({ settings }) => under(settings, "Claude", "claude_desktop_config.json"),
    traces: ({ settings }) => [under(settings, "Claude")],
  },
  {
    id: "claude-code",
    name: "Claude Code",
    ...JSON_SERVERS,
    reference: dollarBraces,
    extra: { type: "stdio" },
    file: ({ home }) => under(home, ".claude.json"),
    traces: ({ home }) => [under(home, ".claude.json"), under(home, ".claude")],
  },
  {
    id: "cursor",
    name: "Cursor",
    ...JSON_SERVERS,
    reference: envBraces,
    file: ({ home }) => under(home, ".cursor", "mcp.json"),
    traces: ({ home }) => [under(home, ".cursor")],
  },
  {
    id: "vscode",
    name: "VS Code",
    format: "json",
    section: "servers",
    reference: envBraces,
    extra: { type: "stdio" },
    file: ({ settings }) => under(settings, "Code", "User", "mcp.json"),
    traces: ({ settings }) => [under(settings, "Code", "User")],
  },
  {
    id: "codex",
    name: "Codex",
    format: "toml",
    section: "mcp_servers",
    reference: (name) => name,
    file: (folders) => under(codexFolder(folders), "config.toml"),
    traces: (folders) => [codexFolder(folders)],
  },
  {
    id: "gemini",
    name: "Gemini CLI",
    ...JSON_SERVERS,
    reference: dollarBraces,
    file: ({ home }) => under(home, ".gemini", "settings.json"),
    traces: ({ home }) => [under(home, ".gemini")],
  },
  {
    id: "windsurf",
    name: "Windsurf",
    ...JSON_SERVERS,
    reference: envBraces,
    file: ({ home }) => under(home, ".codeium", "windsurf", "mcp_config.json"),
    traces: ({ home }) => [under(home, ".codeium", "windsurf")],
  },
  {
    id: "zed",
    name: "Zed",
    format: "json",
    section: "context_servers",
    reference: null,
    extra: { source: "custom" },
    file: (folders) => under(zedFolder(folders), "settings.json"),
    traces: (folders) => [zedFolder(folders)],
  },
];

/**
 * The entry as the client has it. Secrets stand in it by the name of their variable, or where the client knows
 * no such names, by what `valueOf` answers; one without a value is left out.
 */
export function entryFor(
  client: McpClient,
  { command, args, env, variables }: McpEntry,
  valueOf: (name: string) => string | undefined,
): Record<string, unknown> {
  // Codex hands on variables by name in a list of its own.
  if (client.format === "toml") {
    return {
      command,
      args,
      ...(Object.keys(env).length === 0 ? {} : { env }),
      ...(variables.length === 0 ? {} : { env_vars: variables }),
    };
  }
  const secrets = variables.flatMap((name) => {
    const value = client.reference?.(name) ?? valueOf(name);
    return value === undefined ? [] : [[name, value]];
  });
  const all = { ...env, ...Object.fromEntries(secrets) };
  return {
    ...client.extra,
    command,
    args,
    ...(Object.keys(all).length === 0 ? {} : { env: all }),
  };
}
