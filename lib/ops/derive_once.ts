/** Tools exist as soon as there are captures; `tools analyze` derives them anew. */
import type { Context } from "../base/context.ts";
import { appOf } from "../store/account.ts";
import type { Home } from "../store/home.ts";
import { hasToolFolder } from "../tools/tool_store.ts";

/** @throws {AppError} `NOT_FOUND` for an app without captures. */
export async function deriveOnce(ctx: Context, home: Home, name: string): Promise<void> {
  if (await hasToolFolder(home, name)) return;
  const { analyzeTools } = await import("./analyze_tools.ts");
  await analyzeTools(ctx, { app: appOf(name) });
}
