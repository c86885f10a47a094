/** The requests of a client: the tools of every app and service, listed anew whenever it asks, and their calls. */
import type {
  CallToolResult,
  InputRequiredResult,
  ListToolsResult,
} from "@modelcontextprotocol/server";
import type { Context } from "../base/context.ts";
import { AppError, messageOf } from "../base/error.ts";
import { withSoundCatalog as soundly } from "../ops/service_catalog.ts";
import { serveAnswers } from "./answer_resources.ts";
import { CallStops } from "./call_stops.ts";
import { abilitiesOf } from "./client_abilities.ts";
import { ClientLog, heard, type LogEntry, noted } from "./client_log.ts";
import type { Connection, OwnRequest } from "./connection.ts";
import { errorText } from "./error_result.ts";
import { withHeartbeat } from "./heartbeat.ts";
import { withFlags } from "./hint_flags.ts";
import { INTERNAL_ERROR, RequestError } from "./request_error.ts";
import type { ServerParts } from "./server_parts.ts";
import { listPage } from "./tool_list.ts";

/** Loaded with the first call: a list needs nothing of it. */
let calls: Promise<typeof import("./named_call.ts")> | null = null;

/** Answers the requests of one connection. A client may have more than one, one after the other. */
export function bindHandlers(
  connection: Connection,
  parts: ServerParts,
  earlier: Map<string | number, unknown>,
): void {
  const { ctx, catalog, kept } = parts;
  const log = new ClientLog(connection, ctx.redactor);
  const stops = new CallStops(ctx.signal);
  connection.setRequestHandler("tools/list", ({ params }, { mcpReq: { id } }) => {
    const known = takeFrom(earlier, id);
    if (known !== undefined) return known as ListToolsResult;
    return guarded(ctx, () => soundly(ctx, () => listPage(parts, params?.cursor)));
  });
  connection.setRequestHandler("tools/call", ({ params }, { mcpReq }) => {
    const known = takeFrom(earlier, mcpReq.id);
    if (known !== undefined) return known as CallToolResult | InputRequiredResult;
    return guarded(ctx, async () => {
      await ctx.watch?.();
      const { callNamed } = await (calls ??= import("./named_call.ts"));
      const call = { ...params, answers: mcpReq.inputResponses ?? {} };
      const client = abilitiesOf(connection, mcpReq);
      const note = (entry: LogEntry) => log.tellWith(mcpReq, entry);
      const told = (data: string) => note({ level: "info", logger: params.name, data });
      const { stopping } = mcpReq as OwnRequest;
      return await stops.during(mcpReq.signal, stopping, (signal) => {
        const ofCall = heard({ ...ctx, signal }, told);
        const work = () => callNamed({ ...parts, ctx: ofCall }, call, client);
        return withHeartbeat(
          mcpReq,
          () => noted(ctx, params.name, note, work),
          parts.beatEveryMs,
        );
      });
    });
  });
  serveAnswers(connection, kept);
  const listeners = [
    catalog.onChange(() => void connection.sendToolListChanged().catch(() => {})),
    parts.log.onEntry((entry) => log.tell(entry)),
  ];
  connection.onclose = () => listeners.forEach((stop) => stop());
}

function takeFrom(earlier: Map<string | number, unknown>, id: string | number): unknown {
  const known = earlier.get(id);
  earlier.delete(id);
  return known;
}

/** What is thrown on the way reaches the client as an error of the protocol, without secrets. */
async function guarded<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RequestError) throw error;
    if (error instanceof AppError) {
      const message = errorText(withFlags(error, ctx), ctx.redactor);
      throw new RequestError(INTERNAL_ERROR, message);
    }
    ctx.term.err(`keysmith: unexpected failure: ${messageOf(error)}`);
    throw new RequestError(
      INTERNAL_ERROR,
      "Unexpected failure: a bug in keysmith",
    );
  }
}
