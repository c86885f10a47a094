/** Derives the tools of an app from all of its recordings and writes them. Offline. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { Analysis, Expr, LoginFlow } from "../correlate/flow.ts";
import { parseUrl } from "../http/url.ts";
import type { Trace } from "../http/exchange.ts";
import { readAppInfo } from "../store/app_file.ts";
import { type Home, openHome } from "../store/home.ts";
import { TraceStore } from "../store/trace_store.ts";
import { readAuthRecord } from "../token/auth_file.ts";
import { registerToken } from "../token/secrets.ts";
import { readToken } from "../token/token_file.ts";
import type { ToolDefinition } from "../tools/definition.ts";
import {
  assumedSpots,
  type CredentialSpots,
  mergeSpots,
  NO_SPOTS,
  spotsOfResult,
  spotsOfToken,
} from "../tools/derive/credential_spots.ts";
import { type DeriveOptions, deriveTools } from "../tools/from_traces.ts";
import { makeToolFolder, readTool, removeTool, toolNames, writeTool } from "../tools/tool_store.ts";
import { analysisOf } from "./analyze_auth.ts";

export interface AnalyzeToolsInput {
  readonly app: string;
}

export interface AnalyzeToolsOutput {
  readonly app: string;
  readonly origins: readonly string[];
  /** In the order of their first use in the recordings. */
  readonly tools: readonly ToolDefinition[];
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Written by hand (they name no traces), and so left alone. */
  readonly kept: readonly string[];
}

/** @throws {AppError} `NOT_FOUND` for an unknown app or one without captures. */
export async function analyzeTools(
  ctx: Context,
  { app }: AnalyzeToolsInput,
): Promise<AnalyzeToolsOutput> {
  const home = openHome(ctx);
  await home.requireApp(app);
  const traces = readTraces(home, app);
  const options = await deriveOptions(ctx, home, app, traces);
  const derived = deriveTools(traces, options);
  const before = await storedTools(home, app);
  const kept = [...before].filter(([, tool]) => tool?.traces.length === 0).map(([name]) => name);
  const tools = derived.filter(({ name }) => !kept.includes(name));
  await makeToolFolder(home, app);
  for (const tool of tools) await writeTool(home, app, tool);
  const removed = [...before.keys()].filter((name) =>
    !kept.includes(name) && !tools.some((tool) => tool.name === name)
  );
  for (const name of removed) await removeTool(home, app, name);
  return {
    app,
    origins: [...new Set(tools.map(({ origin }) => origin))],
    tools,
    added: tools.filter(({ name }) => !before.has(name)).map(({ name }) => name),
    changed: tools.filter((tool) => before.has(tool.name) && !same(before.get(tool.name), tool))
      .map(({ name }) => name),
    removed,
    kept,
  };
}

function readTraces(home: Home, app: string): Trace[] {
  using store = TraceStore.open(home.appFile(app, "captures.db"), { readOnly: true });
  return store.traces();
}

/** `null` for a damaged file: it is derived anew. */
async function storedTools(home: Home, app: string): Promise<Map<string, ToolDefinition | null>> {
  const stored = new Map<string, ToolDefinition | null>();
  for (const name of await toolNames(home, app)) {
    const tool = await readTool(home, app, name).catch((error: unknown) => {
      if (error instanceof AppError) return null;
      throw error;
    });
    stored.set(name, tool);
  }
  return stored;
}

function same(before: ToolDefinition | null | undefined, after: ToolDefinition): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}

/** What is known of the app's credentials: by its login, its token, else by the names of things. */
async function deriveOptions(
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
  const origins = known.length > 0 ? known : baseUrls.flatMap((url) => parseUrl(url)?.origin ?? []);
  const constants = flow === null ? [] : flow.steps.flatMap(({ headers }) => headers)
    .concat(flow.result.headers).flatMap(([, value]) => constantText(value));
  return {
    apiOrigins: [...new Set(origins)],
    credentials: mergeSpots(
      flow === null ? spotsByName(traces, origins) : spotsOfResult(flow.result),
      token === null ? NO_SPOTS : spotsOfToken(token),
    ),
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
