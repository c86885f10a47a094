/** Has a model improve the names and descriptions of an app's derived tools. Their requests stay as they are. */
import type { Context } from "../base/context.ts";
import { nameTools, namingMessages, type Renaming, toolBatches } from "../llm/name_tools.ts";
import { recordedFacts } from "../llm/recorded_facts.ts";
import { Redaction } from "../llm/redaction.ts";
import { type Home, openHome } from "../store/home.ts";
import type { ToolDefinition } from "../tools/definition.ts";
import { readTool, removeTool, toolNames, writeTool } from "../tools/tool_store.ts";
import { analysisOf } from "./recorded_analysis.ts";
import type { ShownPrompts } from "./analyze_with_model.ts";
import { readTraces } from "./derive_options.ts";
import { type KeptName, readToolNames, writeToolNames } from "./kept_tool_names.ts";
import { requireModel, withModel } from "./model_access.ts";
import { ToolWords } from "./tool_words.ts";

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
  const words = new ToolWords(readTraces(home, app));
  const { taken, refused } = await withModel(
    ctx,
    access,
    null,
    () => nameTools(access.chat, tools.map((tool) => words.of(tool)), redaction),
  );
  const names = await readToolNames(home, app);
  for (const tool of tools) {
    const renaming = taken.get(tool.name);
    if (renaming === undefined) continue;
    keepName(names, tool, renaming);
    await writeTool(home, app, { ...tool, ...renaming });
    if (renaming.name !== tool.name) await removeTool(home, app, tool.name);
  }
  await writeToolNames(home, app, names);
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
  const words = new ToolWords(readTraces(home, app));
  const batches = toolBatches((await derivedTools(home, app)).map((tool) => words.of(tool)));
  return { messages: batches.flatMap((batch) => namingMessages(batch, redaction)), tools: [] };
}

/** Those written by hand (they name no traces) have the names their writer wanted. */
async function derivedTools(home: Home, app: string): Promise<ToolDefinition[]> {
  const names = await toolNames(home, app);
  const tools = await Promise.all(names.map((name) => readTool(home, app, name)));
  return tools.filter(({ traces }) => traces.length > 0);
}

function redactionOf(home: Home, app: string): Redaction {
  const { analysis, hints } = analysisOf(home, app);
  const flow = "flow" in analysis ? analysis.flow : null;
  return new Redaction(recordedFacts(readTraces(home, app, { includeNoise: true }), flow, hints));
}

/** Under what the analysis calls the tool, which may have been renamed before. */
function keepName(
  names: KeptName[],
  { name: before, method, path }: ToolDefinition,
  { name, description }: Renaming,
): void {
  const at = names.findIndex((one) =>
    one.name === before && one.method === method && one.path === path
  );
  const kept = { derived: names[at]?.derived ?? before, method, path, name, description };
  if (at < 0) names.push(kept);
  else names[at] = kept;
}
