/**
 * Names of tools for MCP clients. A name is always `<owner>_<tool>`, with one app as with many: what a
 * user has allowed a client to call keeps its name when a second app is added.
 */
import { createHash } from "node:crypto";

/** Longest name that every known client takes, in characters. */
const MAX_LENGTH = 64;
const HASH_LENGTH = 8;

/**
 * `[A-Za-z0-9_-]{1,64}`. A name that is too long is cut and ends in a digest of the whole, so that it stays
 * the same however many others there are.
 */
export function mcpToolName(owner: string, tool: string): string {
  // An account is told from its app by "@", which no name of a tool may hold.
  const name = `${owner.replace("@", "_")}_${tool}`;
  const clean = cleaned(name);
  if (clean === name && name.length <= MAX_LENGTH) return name;
  return `${clean.slice(0, MAX_LENGTH - HASH_LENGTH - 1)}_${digest(`${owner}\n${tool}`)}`;
}

/** Tools of the server itself. One of an app with such a name ends in a digest. */
export const OWN_TOOLS: readonly string[] = ["keysmith_status", "keysmith_login"];

/** False where the name is of no tool of the owner. */
export function mayBeToolOf(name: string, owner: string): boolean {
  return name.startsWith(cleaned(`${owner}_`).slice(0, MAX_LENGTH - HASH_LENGTH - 1));
}

/** The tools by their names. Two that would share one (`a_b` of `c`, `b` of `c_a`) both end in a digest. */
export function byMcpName<T extends { readonly owner: string; readonly name: string }>(
  tools: readonly T[],
): Map<string, T> {
  const groups = Map.groupBy(tools, ({ owner, name }) => mcpToolName(owner, name));
  return new Map(
    [...groups].flatMap(([name, members]) =>
      members.length === 1 && !OWN_TOOLS.includes(name)
        ? [[name, members[0]!] as const]
        : members.map((tool) =>
          [
            `${name.slice(0, MAX_LENGTH - HASH_LENGTH - 1)}_${
              digest(`${tool.owner}\n${tool.name}`)
            }`,
            tool,
          ] as const
        )
    ),
  );
}

function cleaned(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "_");
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);
}
