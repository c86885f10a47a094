/**
 * Names of tools for MCP clients. A name is always `<owner>_<tool>`, with one app as with many: what a
 * user has allowed a client to call keeps its name when a second app is added.
 */
import { shortName } from "../base/short_name.ts";

/**
 * Clients put the server before the name and take 64 characters of both (`mcp__keysmith__`, as Claude Code
 * writes it); Cursor takes 60 of server and name.
 */
export const MAX_NAME_LENGTH = 64 - "mcp__keysmith__".length;
/** Of the owner in a name, so that there is room for the tool. */
const MAX_OWNER_LENGTH = 24;

/** Tools of the server itself. */
export const OWN_TOOLS: readonly string[] = [
  "call_tool",
  "describe_tool",
  "keysmith_login",
  "keysmith_status",
  "search_tools",
];

/** Names of the tools of one owner, in their order: `[A-Za-z0-9_-]`, at most `MAX_NAME_LENGTH`, unique. */
export function mcpToolNames(owner: string, tools: readonly string[]): string[] {
  const prefix = `${shortOwner(owner)}_`;
  const room = MAX_NAME_LENGTH - prefix.length;
  const cleanTools = tools.map(cleaned);
  const taken = new Set(cleanTools.filter((name) => name.length <= room));
  const given = new Set<string>();
  return cleanTools.map((name) => {
    const fits = name.length <= room && !given.has(name);
    const short = fits ? name : shortName(name, room, (one) => !taken.has(one) && !given.has(one));
    given.add(short);
    return prefix + short;
  });
}

/** False where the name is of no tool of the owner. */
export function mayBeToolOf(name: string, owner: string): boolean {
  return name.startsWith(`${shortOwner(owner)}_`);
}

/**
 * The tools by their names. Where two owners would share one (`a_b` of `c`, `b` of `c_a`), and where it is a
 * name of the server's own, two underscores stand between owner and tool: so no name ever passes from one
 * owner's tool to another's.
 */
export function byMcpName<
  T extends { readonly owner: string; readonly summary: { readonly name: string } },
>(tools: readonly T[]): Map<string, T> {
  const byOwner = [...Map.groupBy(tools, ({ owner }) => owner)];
  const named = byOwner.flatMap(([owner, own]) => {
    const names = mcpToolNames(owner, own.map(({ summary }) => summary.name));
    return own.map((tool, at) => ({ tool, name: names[at]! }));
  });
  const shared = sharedNames(named.map(({ name }) => name));
  const result = new Map<string, T>();
  for (const { tool, name } of named) {
    const apart = shared.has(name) ? keptApart(name, tool.owner) : name;
    result.set(shortName(apart, MAX_NAME_LENGTH, (one) => !result.has(one)), tool);
  }
  return result;
}

function sharedNames(names: readonly string[]): Set<string> {
  const seen = new Set(OWN_TOOLS);
  const shared = new Set<string>();
  for (const name of names) (seen.has(name) ? shared : seen).add(name);
  return shared;
}

function keptApart(name: string, owner: string): string {
  const length = shortOwner(owner).length;
  return `${name.slice(0, length)}_${name.slice(length)}`.slice(0, MAX_NAME_LENGTH);
}

/** Accounts and environments have "@" and ":" in their names, which no name of a tool may hold. */
function shortOwner(owner: string): string {
  return shortName(cleaned(owner), MAX_OWNER_LENGTH, () => true);
}

function cleaned(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "_");
}
