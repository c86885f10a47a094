/** Calls one tool of an app or a service. */
import type { Context } from "../base/context.ts";
import { allowsPlainHttp } from "../base/plain_http.ts";
import type { ToolArguments, ToolCallOptions, ToolResult } from "./tool_owner.ts";
import { toolOwner } from "./find_tool_owner.ts";

export interface CallToolInput extends ToolCallOptions {
  readonly owner: string;
  readonly tool: string;
  /** By name; texts are read as the number, boolean, array or object the tool declares. */
  readonly args: ToolArguments;
}

/**
 * The answer. With `error` set it is a refusal (exit 4) or a failure (exit 5): show the body, then
 * throw the error.
 *
 * @throws {AppError} `NOT_FOUND`, `USAGE` naming the argument, `AUTH_NEEDED` naming the command to run,
 * `AUTH_REFUSED`, `ORIGIN_REFUSED`, `UNREACHABLE`, `UNSUPPORTED` for an answer that is too large.
 */
export async function callTool(ctx: Context, input: CallToolInput): Promise<ToolResult> {
  const owner = await toolOwner(ctx, input.owner);
  const { owner: _, tool, args, ...options } = input;
  return await owner.call(tool, args, { allowHttp: allowsPlainHttp(ctx), ...options });
}
