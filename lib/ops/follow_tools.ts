/** Tools that were derived already follow a new recording by themselves: who has used them expects what is new there. */
import type { Context } from "../base/context.ts";
import { analyzeTools, type AnalyzeToolsOutput } from "./analyze_tools.ts";
import { hasTools } from "./has_tools.ts";

export type ToolChanges = Pick<AnalyzeToolsOutput, "added" | "changed" | "removed">;

/** `null` for an app whose tools nobody has asked for yet: they are derived when somebody does. */
export async function followTools(ctx: Context, app: string): Promise<ToolChanges | null> {
  if (!await hasTools(ctx, app)) return null;
  const { added, changed, removed } = await analyzeTools(ctx, { app });
  return { added, changed, removed };
}
