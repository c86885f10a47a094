/** Whether a recording shows requests that the app's other recordings do not: what its tools could learn from. */
import type { Context } from "../base/context.ts";
import type { Trace } from "../http/exchange.ts";
import { parseUrl } from "../http/url.ts";
import { openHome } from "../store/home.ts";
import { TraceStore } from "../store/trace_store.ts";

/** @param fresh ids of the recordings that came last */
export function bringNewRequests(ctx: Context, app: string, fresh: readonly string[]): boolean {
  using store = TraceStore.open(openHome(ctx).appFile(app, "captures.db"), { readOnly: true });
  const of = (captureId: string) => store.traces({ captureId, withoutBodies: true }).map(keyOf);
  const others = store.captures().map(({ id }) => id).filter((id) => !fresh.includes(id));
  const known = new Set(others.flatMap(of));
  return fresh.flatMap(of).some((key) => !known.has(key));
}

/** Method, address, the names of what it is asked for, and whether it was answered well. */
function keyOf({ request: { method, url }, response }: Trace): string {
  const at = parseUrl(url);
  const names = at === null ? url : [...new Set(at.searchParams.keys())].sort().join("&");
  const isGood = (response?.status ?? 500) < 400;
  return JSON.stringify([method, at?.origin, at?.pathname, names, isGood]);
}
