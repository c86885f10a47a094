/** One tool, whole. */
import type { Context } from "../base/context.ts";
import type { ToolDetails } from "./tool_owner.ts";
import { toolOwner } from "./find_tool_owner.ts";

export interface ShowToolInput {
  readonly owner: string;
  readonly tool: string;
}

export interface ShowToolOutput extends ToolDetails {
  readonly owner: string;
  readonly kind: "app" | "service";
}

/** @throws {AppError} `NOT_FOUND` for an unknown owner or tool, `BAD_STORE` for a damaged tool file. */
export async function showTool(ctx: Context, input: ShowToolInput): Promise<ShowToolOutput> {
  const owner = await toolOwner(ctx, input.owner);
  return { ...await owner.show(input.tool), owner: owner.name, kind: owner.kind };
}
