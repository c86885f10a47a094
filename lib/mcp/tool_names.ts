/**
 * Names of tools for MCP clients. A name is always `<owner>_<tool>`, with one app as with many: what a
 * user has allowed a client to call keeps its name when a second app is added. Where that one's name begins with
 * the first one's, the old name is nobody's.
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

/**
 * What the names of each owner's tools begin with, none the beginning of another: so no name ever passes from one
 * owner's tool to another's. It depends on the names of the owners alone, not on which documents can be read. Where
 * one owner's name begins another's (`c` and `c_a`), two underscores or more stand after both.
 *
 * @param owners All there are, in any order.
 */
export function ownerPrefixes(owners: readonly string[]): Map<string, string> {
  const short = shortOwners(owners);
  const all = [...short.values()];
  return new Map([...short].map(([owner, name]) => [owner, name + separatorOf(name, all)]));
}

/** With no underscore at the end, so that a name with its separator tells where the separator begins. */
function shortOwners(owners: readonly string[]): Map<string, string> {
  const plain = [...new Set(owners)].toSorted().map((owner) => [owner, shortOwner(owner)] as const);
  const byShort = Map.groupBy(plain, ([, short]) => short);
  // What two owners would share is neither's.
  const taken = new Set(byShort.keys());
  return new Map(plain.map(([owner, short]) => {
    if (byShort.get(short)!.length === 1) return [owner, short];
    const own = shortName(ownerPart(owner), MAX_OWNER_LENGTH, (one) => !taken.has(one));
    taken.add(own);
    return [owner, own];
  }));
}

function separatorOf(name: string, all: readonly string[]): string {
  const isRelated = all.some((one) => one.startsWith(`${name}_`) || name.startsWith(`${one}_`));
  let separator = isRelated ? "__" : "_";
  while (all.some((one) => one.startsWith(name + separator))) separator += "_";
  return separator;
}

/**
 * Names of the tools of one owner, in their order: `[A-Za-z0-9_-]`, at most `MAX_NAME_LENGTH`, unique, and none of
 * the server's own.
 *
 * @param prefix Of the owner, from `ownerPrefixes`.
 */
export function mcpToolNames(prefix: string, tools: readonly string[]): string[] {
  const room = MAX_NAME_LENGTH - prefix.length;
  const cleanTools = tools.map(cleaned)
    .map((name) => OWN_TOOLS.includes(prefix + name) ? `_${name}` : name);
  const taken = new Set(cleanTools.filter((name) => name.length <= room));
  const given = new Set<string>();
  return cleanTools.map((name) => {
    const fits = name.length <= room && !given.has(name);
    const short = fits ? name : shortName(name, room, isFree);
    given.add(short);
    return prefix + short;
  });

  function isFree(name: string): boolean {
    return !taken.has(name) && !given.has(name) && !OWN_TOOLS.includes(prefix + name);
  }
}

/** The tools by their names. `prefixes`: of all owners there are, those without a tool included. */
export function byMcpName<
  T extends { readonly owner: string; readonly summary: { readonly name: string } },
>(tools: readonly T[], prefixes: ReadonlyMap<string, string>): Map<string, T> {
  const byOwner = [...Map.groupBy(tools, ({ owner }) => owner)];
  return new Map(byOwner.flatMap(([owner, own]) => {
    const names = mcpToolNames(prefixes.get(owner)!, own.map(({ summary }) => summary.name));
    return own.map((tool, at) => [names[at]!, tool] as const);
  }));
}

function shortOwner(owner: string): string {
  return shortName(ownerPart(owner), MAX_OWNER_LENGTH, () => true);
}

/** Accounts and environments have "@" and ":" in their names, which no name of a tool may hold. */
function ownerPart(owner: string): string {
  let part = cleaned(owner);
  while (part.endsWith("_")) part = part.slice(0, -1);
  return part;
}

function cleaned(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "_");
}
