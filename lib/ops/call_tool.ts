/** Calls one tool of an app or a service. */
import { configuredTimeoutMs } from "../base/config_tools.ts";
import type { Context } from "../base/context.ts";
import { allowsPlainHttp } from "../base/plain_http.ts";
import type { ToolArguments, ToolCallOptions, ToolResult } from "./tool_owner.ts";
import { configuration, toolSettings } from "./tool_settings.ts";
import { toolOwner } from "./find_tool_owner.ts";

export interface CallToolInput extends ToolCallOptions {
  readonly owner: string;
  readonly tool: string;
  /** By name; texts are read as the number, boolean, array or object the tool declares. */
  readonly args: ToolArguments;
  /** Where neither this call nor the configuration says how long it may take. */
  readonly usualTimeoutMs?: number;
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
  const { owner: _, tool, args, usualTimeoutMs: usual, ...options } = input;
  const timeoutMs = input.timeoutMs ?? await configuredTimeout(ctx, input) ?? usual;
  return await owner.call(tool, args, {
    allowHttp: allowsPlainHttp(ctx),
    ...options,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

async function configuredTimeout(
  ctx: Context,
  { owner, tool }: CallToolInput,
): Promise<number | undefined> {
  return configuredTimeoutMs(toolSettings(await configuration(ctx), owner), tool);
}
