/** What is known of an app that tools are derived with: its origins, its login, where its credentials stand. */
import type { Context } from "../base/context.ts";
import type { Analysis, Expr, LoginFlow } from "../correlate/flow.ts";
import { dataOrigins } from "../correlate/app_origins.ts";
import type { Trace } from "../http/exchange.ts";
import { parseUrl } from "../http/url.ts";
import { readAppInfo } from "../store/app_file.ts";
import type { Home } from "../store/home.ts";
import { TraceStore } from "../store/trace_store.ts";
import { readAuthRecord } from "../token/auth_file.ts";
import { registerToken } from "../token/secrets.ts";
import { readToken } from "../token/token_file.ts";
import {
  assumedSpots,
  type CredentialSpots,
  mergeSpots,
  NO_SPOTS,
  spotsOfResult,
  spotsOfToken,
} from "../tools/derive/credential_spots.ts";
import type { DeriveOptions } from "../tools/from_traces.ts";
import type { TraceFilter } from "../store/trace_filter.ts";
import { forgottenCaptures } from "./forgotten_captures.ts";
import { analysisOf } from "./recorded_analysis.ts";

/** Every trace of the app that takes part, in time order; none whose bodies were forgotten. */
export function readTraces(home: Home, app: string, filter: TraceFilter = {}): Trace[] {
  using store = TraceStore.open(home.appFile(app, "captures.db"), { readOnly: true });
  const forgotten = forgottenCaptures(store);
  return store.traces(filter).filter(({ captureId }) => !forgotten.has(captureId));
}

/**
 * By the app's login and its token; where neither is known, by the names of things.
 *
 * @throws {AppError} `NOT_FOUND` for an app without captures.
 */
export async function deriveOptions(
  ctx: Context,
  home: Home,
  app: string,
  traces: readonly Trace[],
): Promise<DeriveOptions> {
  const flow = flowOf(analysisOf(home, app).analysis);
  const record = await readAuthRecord(home, app);
  const token = await readToken(home, app);
  if (token !== null) registerToken(ctx.redactor, token);
  const baseUrls = (await readAppInfo(home, app))?.baseUrls ?? [];
  const known = [...flow?.apiOrigins ?? [], ...record?.apiOrigins ?? [], ...token?.origins ?? []];
  const serving = dataOrigins(traces);
  const all = [...known, ...serving];
  const origins = all.length > 0 ? all : baseUrls.flatMap((url) => parseUrl(url)?.origin ?? []);
  const constants = flow === null ? [] : flow.steps.flatMap((
    { headers, url },
  ) => [...headers, ...url.kind === "parts" ? url.query : []])
    .concat(flow.result.headers).flatMap(([, value]) => constantText(value));
  return {
    apiOrigins: [...new Set(origins)],
    credentials: mergeSpots(
      flow === null ? spotsByName(traces, origins) : spotsOfResult(flow.result),
      token === null ? NO_SPOTS : spotsOfToken(token),
    ),
    loginKnown: flow !== null,
    loginTraces: [...flow?.steps ?? [], ...flow?.refresh?.steps ?? []].map(({ trace }) => trace),
    personal: (flow?.inputs ?? []).filter(({ kind }) => kind === "identifier")
      .map(({ recorded }) => recorded),
    clientConstants: constants,
  };
}

function flowOf(analysis: Analysis): LoginFlow | null {
  return analysis.kind === "flow" || analysis.kind === "draft" ? analysis.flow : null;
}

function spotsByName(traces: readonly Trace[], origins: readonly string[]): CredentialSpots {
  return assumedSpots(
    traces.map(({ request }) => request).filter(({ url }) =>
      origins.includes(parseUrl(url)?.origin ?? "")
    ),
  );
}

function constantText(expr: Expr): string[] {
  return expr.kind === "constant" ? [expr.value] : [];
}
