/** Has a model improve the names and descriptions of an app's derived tools. Their requests stay as they are. */
import type { Context } from "../base/context.ts";
import { isRecord } from "../base/json.ts";
import { type NamedTool, nameTools, namingMessages, toolBatches } from "../llm/name_tools.ts";
import { recordedFacts } from "../llm/recorded_facts.ts";
import { Redaction } from "../llm/redaction.ts";
import { type Home, openHome } from "../store/home.ts";
import type { ToolDefinition } from "../tools/definition.ts";
import { readTool, removeTool, toolNames, writeTool } from "../tools/tool_store.ts";
import { analysisOf } from "./recorded_analysis.ts";
import type { ShownPrompts } from "./analyze_with_model.ts";
import { readTraces } from "./derive_options.ts";
import { requireModel, withModel } from "./model_access.ts";

export interface ImproveToolsInput {
  readonly app: string;
}

export interface ImproveToolsOutput {
  readonly app: string;
  /** What changed, by the name before. */
  readonly improved: readonly {
    readonly from: string;
    readonly name: string;
    readonly description: string;
  }[];
  /** Proposals that were not taken, with why. */
  readonly refused: readonly string[];
}

/** @throws {AppError} `NOT_FOUND` for an unknown app or without a model; what the endpoint throws. */
export async function improveTools(
  ctx: Context,
  { app }: ImproveToolsInput,
): Promise<ImproveToolsOutput> {
  const home = openHome(ctx);
  await home.requireApp(app);
  const access = await requireModel(ctx);
  const tools = await derivedTools(home, app);
  const redaction = redactionOf(home, app);
  const { taken, refused } = await withModel(
    ctx,
    access,
    null,
    () => nameTools(access.chat, tools.map(namedTool), redaction),
  );
  for (const tool of tools) {
    const renaming = taken.get(tool.name);
    if (renaming === undefined) continue;
    await writeTool(home, app, { ...tool, ...renaming });
    if (renaming.name !== tool.name) await removeTool(home, app, tool.name);
  }
  return { app, improved: [...taken].map(([from, renaming]) => ({ from, ...renaming })), refused };
}

/** What would be sent. */
export async function namingPromptsFor(
  ctx: Context,
  { app }: ImproveToolsInput,
): Promise<ShownPrompts> {
  const home = openHome(ctx);
  await home.requireApp(app);
  const redaction = redactionOf(home, app);
  const batches = toolBatches((await derivedTools(home, app)).map(namedTool));
  return { messages: batches.flatMap((batch) => namingMessages(batch, redaction)), tools: [] };
}

/** Those written by hand (they name no traces) have the names their writer wanted. */
async function derivedTools(home: Home, app: string): Promise<ToolDefinition[]> {
  const names = await toolNames(home, app);
  const tools = await Promise.all(names.map((name) => readTool(home, app, name)));
  return tools.filter(({ traces }) => traces.length > 0);
}

function redactionOf(home: Home, app: string): Redaction {
  const { analysis } = analysisOf(home, app);
  const flow = "flow" in analysis ? analysis.flow : null;
  return new Redaction(recordedFacts(readTraces(home, app), flow, []));
}

function namedTool({ name, description, method, path, parameters }: ToolDefinition): NamedTool {
  const properties = isRecord(parameters) && isRecord(parameters["properties"])
    ? parameters["properties"]
    : {};
  return { name, description, method, path, parameters: Object.keys(properties) };
}
