/** An OpenAPI description of a captured app. */
import type { Context } from "../base/context.ts";
import type { JsonObject } from "../base/json.ts";
import { splitScheme } from "../http/auth_scheme.ts";
import type { Trace } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { readAppInfo } from "../store/app_file.ts";
import { openHome } from "../store/home.ts";
import {
  type ExportVersion,
  isDescribable,
  neededVersion,
  openApiOf,
} from "../tools/openapi_export.ts";
import { readTool, toolNames } from "../tools/tool_store.ts";
import { deriveOnce } from "./derive_once.ts";
import { deriveOptions, readTraces } from "./derive_options.ts";

export interface ExportOpenApiInput {
  readonly app: string;
  /** The version of OpenAPI; the oldest that has a place for every tool by default. */
  readonly version?: ExportVersion;
}

export interface ExportOpenApiOutput {
  readonly app: string;
  readonly document: JsonObject;
  /** How many tools the document describes. */
  readonly tools: number;
  /** Tools whose method the version of OpenAPI has no place for. */
  readonly left: readonly string[];
}

/** @throws {AppError} `NOT_FOUND` for an unknown app or one without captures, `BAD_STORE` for a damaged tool. */
export async function exportOpenApi(
  ctx: Context,
  { app, version }: ExportOpenApiInput,
): Promise<ExportOpenApiOutput> {
  const home = openHome(ctx);
  await home.requireApp(app);
  await deriveOnce(ctx, home, app);
  const tools = await Promise.all(
    (await toolNames(home, app)).map((name) => readTool(home, app, name)),
  );
  const traces = readTraces(home, app);
  const { credentials } = await deriveOptions(ctx, home, app, traces);
  const used = version ?? neededVersion(tools);
  const described = tools.filter((tool) => used === "3.2" || isDescribable(tool));
  const document = openApiOf({
    name: app,
    displayName: (await readAppInfo(home, app))?.displayName ?? app,
    tools: described,
    credentials,
    authorizationScheme: recordedScheme(traces),
  }, used);
  return {
    app,
    document,
    tools: described.length,
    left: tools.filter((tool) => !described.includes(tool)).map(({ name }) => name),
  };
}

/** The scheme of the last `Authorization` header, if OpenAPI's `http` type names it so. */
function recordedScheme(traces: readonly Trace[]): string | null {
  const value = traces.map(({ request }) => headerValue(request.headers, "authorization"))
    .findLast((header) => header !== undefined);
  const { scheme } = splitScheme(value ?? "");
  return ["bearer", "basic", "digest"].includes(scheme) ? scheme : null;
}
