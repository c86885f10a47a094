/** The tool files of an app: `apps/<app>/tools/<tool>.json`. */
import { join } from "node:path";
import { AppError } from "../base/error.ts";
import { appOf } from "../store/account.ts";
import { makePrivateFolder, removeFile } from "../store/atomic.ts";
import { requireOrigins, valueInEnvironment } from "../store/environment.ts";
import type { Home } from "../store/home.ts";
import { readJsonFile, writeJsonFile } from "../store/json_file.ts";
import type { ToolDefinition } from "./definition.ts";
import { isToolName, validateTool } from "./tool_file.ts";
import { unknownToolHint } from "./unknown_tool.ts";

/** False until tools were derived or written for the app. */
export async function hasToolFolder(home: Home, app: string): Promise<boolean> {
  try {
    return (await Deno.stat(home.appFile(app, "tools"))).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** An app without tools has an empty folder, so that they are not derived again at every turn. */
export async function makeToolFolder(home: Home, app: string): Promise<void> {
  await makePrivateFolder(home.appFile(app, "tools"));
}

/** Sorted. Files whose names are no tool names are passed over. */
export async function toolNames(home: Home, app: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(home.appFile(app, "tools"))) {
      const name = entry.name.replace(/\.json$/, "");
      if (entry.isFile && entry.name.endsWith(".json") && isToolName(name)) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

/**
 * @throws {AppError} `NOT_FOUND` naming the tools there are, `BAD_STORE` for a damaged file or one that
 * holds another tool than its name says, `UNSUPPORTED` for one that an environment has no place for.
 */
export async function readTool(home: Home, app: string, name: string): Promise<ToolDefinition> {
  const tool = isToolName(name)
    ? await readJsonFile(toolPath(home, app, name), (value) => validateNamed(value, name))
    : null;
  if (tool !== null) return await placed(home, app, tool);
  throw unknownTool(app, name, await toolNames(home, app));
}

/** @param alike What the name may be a slip of, where that is not the names of the tools. */
export function unknownTool(
  app: string,
  name: string,
  known: readonly string[],
  alike: readonly string[] = known,
): AppError {
  return new AppError("NOT_FOUND", `"${app}" has no tool "${name}"`, {
    hint: known.length === 0
      ? `keysmith tools analyze ${appOf(app)}`
      : unknownToolHint(app, name, alike),
    details: { tool: name, known },
  });
}

/** The tool as it is in an environment. @throws {AppError} `UNSUPPORTED` where its site has no place there. */
async function placed(home: Home, app: string, tool: ToolDefinition): Promise<ToolDefinition> {
  const origins = await requireOrigins(home, app);
  if (origins === null) return tool;
  if (origins.has(tool.origin)) return validateTool(valueInEnvironment(tool, origins));
  throw new AppError(
    "UNSUPPORTED",
    `The tool "${tool.name}" goes to ${tool.origin}, of which "${app}" does not say where it is`,
    {
      hint:
        `Name ${tool.origin} among the origins of the environment; with itself, where it is the same`,
      details: { tool: tool.name, origin: tool.origin },
    },
  );
}

export async function writeTool(home: Home, app: string, tool: ToolDefinition): Promise<void> {
  await writeJsonFile(toolPath(home, app, tool.name), validateTool(tool));
}

export async function removeTool(home: Home, app: string, name: string): Promise<boolean> {
  return await removeFile(toolPath(home, app, name));
}

function toolPath(home: Home, app: string, name: string): string {
  return home.appFile(app, join("tools", `${name}.json`));
}

function validateNamed(value: unknown, name: string): ToolDefinition {
  const tool = validateTool(value);
  if (tool.name !== name) throw new TypeError(`"name" is not "${name}"`);
  return tool;
}
