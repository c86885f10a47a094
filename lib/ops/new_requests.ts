/** Whether a recording shows requests that the app's other recordings do not: what its tools could learn from. */
import type { Context } from "../base/context.ts";
import { parseBody } from "../http/body.ts";
import type { Trace } from "../http/exchange.ts";
import { parseUrl, queryPairs } from "../http/url.ts";
import { openHome } from "../store/home.ts";
import { TraceStore } from "../store/trace_store.ts";
import { callKey, rpcCall } from "../tools/derive/rpc_call.ts";

/** @param fresh ids of the recordings that came last */
export function bringNewRequests(ctx: Context, app: string, fresh: readonly string[]): boolean {
  using store = TraceStore.open(openHome(ctx).appFile(app, "captures.db"), { readOnly: true });
  const of = (captureId: string) =>
    store.traces({ captureId, withoutBodies: true }).map((head) => keyOf(withRequestBody(head)));
  // All bodies at once may be more than there is memory for.
  const withRequestBody = (head: Trace) =>
    head.request.method === "GET" ? head : store.trace(head.id) ?? head;
  const others = store.captures().map(({ id }) => id).filter((id) => !fresh.includes(id));
  const known = new Set(others.flatMap(of));
  return fresh.flatMap(of).some((key) => !known.has(key));
}

/** Method, address, the names of what it is asked for, the operation it calls, and whether it was answered well. */
function keyOf({ request: { method, url, headers, body }, response }: Trace): string {
  const at = parseUrl(url);
  const isGood = (response?.status ?? 500) < 400;
  if (at === null) return JSON.stringify([method, url, isGood]);
  const names = [...new Set(at.searchParams.keys())].sort().join("&");
  const call = callKey(rpcCall(at, queryPairs(at), parseBody(headers, body), headers));
  return JSON.stringify([method, at.origin, at.pathname, names, call, isGood]);
}
