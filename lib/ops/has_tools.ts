import type { Context } from "../base/context.ts";
import { openHome } from "../store/home.ts";
import { hasToolFolder } from "../tools/tool_store.ts";

/** Whether tools of the app were derived or written. */
export function hasTools(ctx: Context, app: string): Promise<boolean> {
  return hasToolFolder(openHome(ctx), app);
}
