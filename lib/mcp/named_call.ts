/** A call by the name that the client gave: of a tool of the server itself, or of an app or service. */
import type { CallToolResult, InputRequiredResult } from "@modelcontextprotocol/server";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { exactJsonIn } from "../base/exact_json.ts";
import { isRecord } from "../base/json.ts";
import { callTool } from "../ops/call_tool.ts";
import { withSoundCatalog as soundly } from "../ops/service_catalog.ts";
import type { ClientAbilities } from "./client_abilities.ts";
import { askBeforeWrite } from "./confirm_write.ts";
import { errorResult, errorText } from "./error_result.ts";
import { withFlags } from "./hint_flags.ts";
import {
  answeredOffer,
  loginAdvice,
  loginResult,
  neededLogin,
  offerLogin,
} from "./login_request.ts";
import { outputOf } from "./output_schema.ts";
import { CALL_TOOL, DESCRIBE_TOOL, LOGIN_TOOL, SEARCH_TOOL, STATUS_TOOL } from "./own_tools.ts";
import { INVALID_PARAMS, RequestError } from "./request_error.ts";
import { describeResult, searchResult, unknownName } from "./search_results.ts";
import type { ServerParts } from "./server_parts.ts";
import { statusResult } from "./status_tool.ts";
import { answerResult } from "./tool_answer.ts";
import type { OwnedTool } from "./tool_description.ts";

/** Of an answer; what is beyond is left out. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Of one call, in seconds. */
const MAX_TIMEOUT_S = 3_600;

export interface NamedCall {
  readonly name: string;
  readonly arguments?: Record<string, unknown> | undefined;
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
  /** What the user answered to what the server asked about this call. */
  readonly answers: Readonly<Record<string, unknown>>;
}

export async function callNamed(
  parts: ServerParts,
  call: NamedCall,
  client: ClientAbilities,
): Promise<CallToolResult | InputRequiredResult> {
  const { ctx, catalog, logins } = parts;
  if (call.name === LOGIN_TOOL.name) {
    return await asResult(ctx, () => loginResult(logins, call.arguments));
  }
  if (call.name === STATUS_TOOL.name) {
    await catalog.refresh();
    return await statusResult(ctx, catalog.status());
  }
  if (call.name === SEARCH_TOOL.name) return await searchResult(ctx, catalog, call.arguments);
  if (call.name === DESCRIBE_TOOL.name) {
    return await soundly(ctx, () => describeResult(ctx, catalog, call.arguments));
  }
  if (call.name === CALL_TOOL) return await callFound(parts, call, client);
  const tool = await catalog.find(call.name);
  if (tool === undefined) throw unknownTool(ctx, call.name);
  return await callOne(parts, tool, call, client);
}

/** The call that `call_tool` stands for. */
async function callFound(
  parts: ServerParts,
  call: NamedCall,
  client: ClientAbilities,
): Promise<CallToolResult | InputRequiredResult> {
  const { name, arguments: args = {} } = call.arguments ?? {};
  const wanted = typeof name === "string" ? name : "";
  const tool = await parts.catalog.find(wanted);
  if (tool === undefined) return await unknownName(parts.catalog, wanted);
  const read = typeof args === "string" ? exactJsonIn(args) : args;
  if (!isRecord(read)) {
    const text = 'The argument "arguments" must be an object, such as {"id": 17}';
    return { content: [{ type: "text", text }], isError: true };
  }
  return await callOne(parts, tool, { ...call, name: wanted, arguments: read }, client);
}

async function callOne(
  parts: ServerParts,
  tool: OwnedTool,
  call: NamedCall,
  client: ClientAbilities,
): Promise<CallToolResult | InputRequiredResult> {
  if (parts.confirmWrites && !tool.summary.safe) {
    const asked = askBeforeWrite(tool, call, client.canAsk);
    if (asked !== null) return asked;
  }
  return await callOrLogIn(parts, tool, call, client);
}

const TIMEOUT = "keysmith/timeoutSeconds";

/**
 * A call may bring its own: `_meta: { "keysmith/timeoutSeconds": 120 }`, as a number or its digits.
 *
 * @throws {RequestError} for anything else: who asks for time and is not given it learns it too late.
 */
function ownTimeoutMs({ _meta }: NamedCall): number | undefined {
  const own = _meta?.[TIMEOUT];
  if (own === undefined || own === null) return undefined;
  const isDigits = typeof own === "string" && /^\d{1,4}(\.\d{1,6})?$/.test(own);
  const seconds = typeof own === "number" || isDigits ? Number(own) : NaN;
  if (seconds > 0 && seconds <= MAX_TIMEOUT_S) return seconds * 1_000;
  const came = JSON.stringify(own).slice(0, 100);
  throw new RequestError(
    INVALID_PARAMS,
    `"${TIMEOUT}" in "_meta" is a number of seconds above 0, at most ${MAX_TIMEOUT_S}, and not ${came}`,
  );
}

/** Where the configuration cannot be read, that may be why. */
function unknownTool({ heldConfig, redactor }: Context, name: string): RequestError {
  const problem = heldConfig?.problem ?? null;
  const why = problem === null ? "" : `. ${errorText(problem, redactor)}`;
  return new RequestError(INVALID_PARAMS, `No tool is named "${name}"${why}`);
}

/** A call that needs a login offers it, and goes on when the user has logged in. */
async function callOrLogIn(
  parts: ServerParts,
  tool: OwnedTool,
  call: NamedCall,
  client: ClientAbilities,
): Promise<CallToolResult | InputRequiredResult> {
  const { ctx, logins } = parts;
  const offered = answeredOffer(call.answers);
  try {
    if (offered?.accepted) await logins.wait(offered.owner, ctx.signal);
    return await answerTo(parts, tool, call.arguments ?? {}, ownTimeoutMs(call));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const owner = neededLogin(error);
    if (owner !== null && offered === null && client.opensAddresses) {
      return await asResult(ctx, () => offerLogin(logins, owner));
    }
    const result = errorResult(withFlags(error, ctx), ctx.redactor);
    if (owner === null || client.opensAddresses) return result;
    return { ...result, content: [...result.content, { type: "text", text: loginAdvice(owner) }] };
  }
}

/** A failure on purpose as the result that says so. */
async function asResult<T>(ctx: Context, work: () => Promise<T>): Promise<T | CallToolResult> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return errorResult(withFlags(error, ctx), ctx.redactor);
  }
}

async function answerTo(
  { ctx, kept, timeoutMs: usualTimeoutMs }: ServerParts,
  tool: OwnedTool,
  args: Record<string, unknown>,
  timeoutMs: number | undefined,
): Promise<CallToolResult> {
  const { owner, summary: { name } } = tool;
  const options = {
    maxBytes: MAX_ANSWER_BYTES,
    keepPartial: true,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(usualTimeoutMs === undefined ? {} : { usualTimeoutMs }),
  };
  const result = await callTool(ctx, { owner, tool: name, args, ...options });
  const shown = result.error === null ? result : { ...result, error: withFlags(result.error, ctx) };
  return await answerResult(shown, {
    redactor: ctx.redactor,
    tool: `${owner}_${name}`,
    kept,
    output: outputOf(tool.summary),
  });
}
