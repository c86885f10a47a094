/** Whether a name on the command line means an app or a service. */
import type { Context } from "../base/context.ts";
import { serviceNames } from "../ops/list_services.ts";

/** A name that is both means the app. Without such a service it is taken for an app, existing or not. */
export async function ownerKind(ctx: Context, name: string): Promise<"app" | "service"> {
  if (!(await serviceNames(ctx)).includes(name)) return "app";
  const { toolOwner } = await import("../ops/find_tool_owner.ts");
  return (await toolOwner(ctx, name)).kind;
}
