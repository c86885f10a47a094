/**
 * Names and descriptions that a model gave to derived tools, by what each was derived as. They are kept beside
 * the tools, so that the next analysis gives them again.
 */
import { isRecord, parseJson } from "../base/json.ts";
import { readTextFile, writeFileAtomic } from "../store/atomic.ts";
import type { Home } from "../store/home.ts";
import type { ToolDefinition } from "../tools/definition.ts";
import { isToolName } from "../tools/tool_file.ts";

const FILE = "tool_names.json";

export interface KeptName {
  /** What the analysis calls the tool. */
  readonly derived: string;
  readonly method: string;
  readonly path: string;
  readonly name: string;
  readonly description: string;
}

/** Entries that are none are passed over: the tools are then called what the analysis calls them. */
export async function readToolNames(home: Home, app: string): Promise<KeptName[]> {
  const value = parseJson(await readTextFile(home.appFile(app, FILE)) ?? "[]");
  return Array.isArray(value) ? value.filter(isKeptName) : [];
}

export async function writeToolNames(
  home: Home,
  app: string,
  names: readonly KeptName[],
): Promise<void> {
  await writeFileAtomic(home.appFile(app, FILE), `${JSON.stringify(names, null, 2)}\n`);
}

/** The tools by their kept names. Where another tool has such a name by now, its description alone is kept. */
export function withKeptNames(
  tools: readonly ToolDefinition[],
  kept: readonly KeptName[],
  taken: readonly string[],
): ToolDefinition[] {
  const used = new Set([...taken, ...tools.map(({ name }) => name)]);
  return tools.map((tool) => {
    const own = kept.find((one) =>
      one.derived === tool.name && one.method === tool.method && one.path === tool.path
    );
    if (own === undefined) return tool;
    const isFree = own.name === tool.name || !used.has(own.name);
    if (isFree) used.add(own.name);
    return { ...tool, name: isFree ? own.name : tool.name, description: own.description };
  });
}

function isKeptName(value: unknown): value is KeptName {
  if (!isRecord(value)) return false;
  const texts = [value.derived, value.method, value.path, value.name, value.description];
  return texts.every((text) => typeof text === "string") && isToolName(String(value.name));
}
