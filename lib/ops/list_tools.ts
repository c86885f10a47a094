/** The tools of one app or service, or of all of them. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { SkippedTool, ToolOwner, ToolSummary } from "./tool_owner.ts";
import { toolOwner, toolOwners } from "./find_tool_owner.ts";

export interface ListToolsInput {
  /** An app or a service; all of them when left out. */
  readonly owner?: string;
}

export interface OwnedTools {
  readonly owner: string;
  readonly kind: ToolOwner["kind"];
  readonly tools: readonly ToolSummary[];
  readonly skipped: readonly SkippedTool[];
}

/** @throws {AppError} `NOT_FOUND` for an unknown name. */
export async function listTools(ctx: Context, input: ListToolsInput): Promise<OwnedTools[]> {
  if (input.owner !== undefined) return [await listOf(await toolOwner(ctx, input.owner))];
  const owners = await toolOwners(ctx);
  return await Promise.all(owners.map(listOrSkip));
}

async function listOf(owner: ToolOwner): Promise<OwnedTools> {
  const { tools, skipped } = await owner.list();
  return { owner: owner.name, kind: owner.kind, tools, skipped };
}

/** One damaged app or document does not hide the others. */
async function listOrSkip(owner: ToolOwner): Promise<OwnedTools> {
  try {
    return await listOf(owner);
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "INTERRUPTED") throw error;
    const skipped = [{ name: "*", reason: error.message }];
    return { owner: owner.name, kind: owner.kind, tools: [], skipped };
  }
}
