/** Derives the tools of an app from all of its recordings and writes them. Offline. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { checkAppName, type Home, openHome } from "../store/home.ts";
import type { ToolDefinition } from "../tools/definition.ts";
import { deriveTools } from "../tools/from_traces.ts";
import { makeToolFolder, readTool, removeTool, toolNames, writeTool } from "../tools/tool_store.ts";
import { deriveOptions, readTraces } from "./derive_options.ts";
import { tracesWithoutBodies } from "./forgotten_captures.ts";
import { readToolNames, withKeptNames } from "./kept_tool_names.ts";

export interface AnalyzeToolsInput {
  readonly app: string;
}

export interface AnalyzeToolsOutput {
  readonly app: string;
  readonly origins: readonly string[];
  /** In the order of their first use in the recordings. */
  readonly tools: readonly ToolDefinition[];
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Written by hand (they name no traces) or from bodies that were forgotten since, and so left alone. */
  readonly kept: readonly string[];
}

/** @throws {AppError} `NOT_FOUND` for an unknown app or one without captures. */
export async function analyzeTools(
  ctx: Context,
  { app }: AnalyzeToolsInput,
): Promise<AnalyzeToolsOutput> {
  const home = openHome(ctx);
  checkAppName(app);
  await home.requireApp(app);
  const traces = readTraces(home, app);
  const options = await deriveOptions(ctx, home, app, traces);
  const derived = deriveTools(traces, options);
  const before = await storedTools(home, app);
  const forgotten = tracesWithoutBodies(home, app);
  const kept = [...before].filter(([, tool]) => tool?.traces.every((id) => forgotten.has(id)))
    .map(([name]) => name);
  const names = await readToolNames(home, app);
  const tools = withKeptNames(derived.filter(({ name }) => !kept.includes(name)), names, kept);
  await makeToolFolder(home, app);
  for (const tool of tools) await writeTool(home, app, tool);
  const removed = [...before.keys()].filter((name) =>
    !kept.includes(name) && !tools.some((tool) => tool.name === name)
  );
  for (const name of removed) await removeTool(home, app, name);
  return {
    app,
    origins: [...new Set(tools.map(({ origin }) => origin))],
    tools,
    added: tools.filter(({ name }) => !before.has(name)).map(({ name }) => name),
    changed: tools.filter((tool) => before.has(tool.name) && !same(before.get(tool.name), tool))
      .map(({ name }) => name),
    removed,
    kept,
  };
}

/** `null` for a damaged file: it is derived anew. */
async function storedTools(home: Home, app: string): Promise<Map<string, ToolDefinition | null>> {
  const stored = new Map<string, ToolDefinition | null>();
  for (const name of await toolNames(home, app)) {
    const tool = await readTool(home, app, name).catch((error: unknown) => {
      if (error instanceof AppError) return null;
      throw error;
    });
    stored.set(name, tool);
  }
  return stored;
}

/** Requests that were recorded since and change nothing else are no change. */
function same(before: ToolDefinition | null | undefined, after: ToolDefinition): boolean {
  return JSON.stringify({ ...before, traces: [] }) === JSON.stringify({ ...after, traces: [] });
}
