/** The configured services and the catalogs of their documents. */
import { dirname } from "node:path";
import type { Config, ServiceConfig } from "../base/config.ts";
import { isHttpUrl } from "../base/config_values.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { JsonValue } from "../base/json.ts";
import { isInside } from "../base/paths.ts";
import { parseYaml } from "../base/yaml.ts";
import { type Catalog, readCatalog } from "../openapi/catalog.ts";
import { readDocument } from "../openapi/document.ts";
import type { Operation, SkippedOperation } from "../openapi/operation.ts";
import { endpointUrls } from "../openapi/security.ts";
import { serverUrl } from "../openapi/server.ts";
import { realPlace } from "../store/confined_path.ts";
import type { Home } from "../store/home.ts";
import { configWith } from "./folder_consent.ts";
import { documentText } from "./service_document.ts";

/** A catalog that was read this recently is used again by the same process, in milliseconds. */
const FRESH_MS = 60_000;

export interface LoadedService {
  readonly config: Config;
  readonly service: ServiceConfig;
  readonly catalog: Catalog;
}

interface RecentCatalog {
  readonly readAtMs: number;
  readonly signature: string;
  /** Of many callers at once one reads. */
  readonly catalog: Promise<Catalog>;
}

/** By the redactor, which lives as long as the process: a server reads a large document once, not per call. */
const recentCatalogs = new WeakMap<object, Map<string, RecentCatalog>>();

/** @throws {AppError} `NOT_FOUND` for an unknown service, and what `loadConfig` and `loadCatalog` throw. */
export async function loadService(ctx: Context, home: Home, name: string): Promise<LoadedService> {
  const config = await configWith(ctx, name);
  const service = requireService(config, name);
  return { config, service, catalog: await loadCatalog(ctx, home, service) };
}

/** @throws {AppError} `NOT_FOUND` naming what there is. */
export function requireService(config: Config, name: string): ServiceConfig {
  const service = config.services.get(name);
  if (service !== undefined) return service;
  const known = [...config.services.keys()];
  throw new AppError("NOT_FOUND", `No service is named "${name}"`, {
    hint: known.length === 0
      ? `Add it under "services" of keysmith.yaml`
      : `There are: ${known.join(", ")}`,
    details: { service: name, known },
  });
}

/** @throws {AppError} `BAD_INPUT` for a text that is no OpenAPI document, and what `documentText` throws. */
export async function loadCatalog(
  ctx: Context,
  home: Home,
  service: ServiceConfig,
): Promise<Catalog> {
  const recent = recentCatalogs.get(ctx.redactor) ?? new Map<string, RecentCatalog>();
  recentCatalogs.set(ctx.redactor, recent);
  const locations = [service.openapi, ...service.refs];
  const signature = (await Promise.all(locations.map(fileSignature))).join("\n");
  const nowMs = ctx.clock.nowMs();
  const key = locations.join("\n");
  const known = recent.get(key);
  const isFresh = known?.signature === signature && nowMs - known.readAtMs < FRESH_MS;
  const read = isFresh
    ? known
    : { readAtMs: nowMs, signature, catalog: readAll(ctx, home, service) };
  recent.set(key, read);
  try {
    return await read.catalog;
  } catch (error) {
    if (recent.get(key) === read) recent.delete(key);
    // Whoever began to read was stopped, and this caller was not.
    const isOthers = error instanceof AppError && error.code === "INTERRUPTED" &&
      !ctx.signal.aborted;
    if (isOthers) return await loadCatalog(ctx, home, service);
    throw error;
  }
}

/** Changes when the file changes; the same for a URL, whose age decides. */
async function fileSignature(location: string): Promise<string> {
  if (isHttpUrl(location)) return location;
  const { mtime, size } = await Deno.stat(location).catch(() => ({ mtime: null, size: -1 }));
  return `${location} ${mtime?.getTime()} ${size}`;
}

/**
 * Parts of a document end up in requests, so a folder's documents are no way to other files: not through
 * links to what lies outside, and never to the Keysmith home.
 *
 * @throws {AppError} `BAD_CONFIG`.
 */
async function checkDocuments(home: Home, { openapi, refs, origin }: ServiceConfig): Promise<void> {
  const folder = dirname(origin.file);
  for (const location of [openapi, ...refs]) {
    if (isHttpUrl(location)) continue;
    const place = await realPlace(home, location, folder).catch(() => null);
    const isHidden = place?.where === "outside" && isInside(location, folder);
    if (place?.where !== "home" && !isHidden) continue;
    const problem = place?.where === "home" ? "lies in the Keysmith home" : "leads out of it";
    throw new AppError("BAD_CONFIG", `Document "${location}" of folder "${folder}" ${problem}`, {
      details: { file: origin.file, document: location },
    });
  }
}

/** A listed document that cannot be read costs the operations that need it, not the service. */
async function readAll(ctx: Context, home: Home, service: ServiceConfig): Promise<Catalog> {
  if (service.origin.layer === "project") await checkDocuments(home, service);
  const text = await documentText(ctx, home, service.openapi);
  const externals = new Map<string, JsonValue>();
  const unread: SkippedOperation[] = [];
  for (const location of service.refs) {
    try {
      externals.set(location, parseYaml(await documentText(ctx, home, location), location));
    } catch (error) {
      if (!(error instanceof AppError) || error.code === "INTERRUPTED") throw error;
      unread.push({ operationId: null, method: "", path: location, reason: error.message });
    }
  }
  const catalog = readCatalog(readDocument(text, service.openapi, externals));
  return { ...catalog, skipped: [...unread, ...catalog.skipped] };
}

/**
 * An operation by tool name, operation id, or method and path (`GET /pets/{id}`).
 *
 * @throws {AppError} `NOT_FOUND`, saying why when the operation was skipped.
 */
export function requireOperation(catalog: Catalog, service: string, name: string): Operation {
  const [, method = "", path = ""] = /^([A-Za-z]+)[ :]+(\/.*)$/.exec(name) ?? [];
  const found = catalog.operations.find(({ tool }) => tool === name) ??
    catalog.operations.find(({ operationId }) => operationId === name) ??
    catalog.operations.find((one) => one.path === path && one.method === method.toUpperCase());
  if (found !== undefined) return found;
  const skipped = catalog.skipped.find((one) =>
    one.operationId === name || one.path === path && one.method === method.toUpperCase()
  );
  throw new AppError(
    "NOT_FOUND",
    skipped === undefined
      ? `Service "${service}" has no tool "${name}"`
      : `"${name}" of "${service}" cannot be called: ${skipped.reason}`,
    { hint: `keysmith tools list ${service}`, details: { service, tool: name } },
  );
}

/**
 * The base URL of an operation. A configured server stands in for the document's; an operation's own
 * server is kept only where the configuration lists its origin.
 *
 * @throws {AppError} `BAD_CONFIG` when the server's URL cannot be completed.
 */
export function baseUrlOf(catalog: Catalog, service: ServiceConfig, operation: Operation): string {
  const { document } = catalog;
  const own = operation.servers[0]!;
  if (service.server === null) return serverUrl(own, document, service.serverVariables);
  if (operation.ownServers && service.origins !== null) {
    const url = serverUrl(own, document, service.serverVariables);
    if (service.origins.includes(new URL(url).origin)) return url;
  }
  return serverUrl({ url: service.server, variables: [] }, document, service.serverVariables);
}

/** The origins the operations of a document go to. Servers that cannot be completed have none. */
function documentOrigins(catalog: Catalog, service: ServiceConfig): string[] {
  const servers = new Set(catalog.operations.map(({ servers }) => servers[0]!));
  const origins = [...servers].flatMap((server) => {
    try {
      return [new URL(serverUrl(server, catalog.document, service.serverVariables)).origin];
    } catch (error) {
      if (error instanceof AppError && error.code === "BAD_CONFIG") return [];
      throw error;
    }
  });
  return [...new Set(origins)];
}

/** The origins of the authorization servers that a document names; relative ones are the API's own. */
export function endpointOrigins(catalog: Catalog): string[] {
  const urls = [...catalog.schemes.values()].flatMap((scheme) => endpointUrls(scheme));
  return urls.map((url) => URL.parse(url)?.origin).filter((origin) => origin !== undefined);
}

/** Where a document would have secrets go. */
export function destinations(catalog: Catalog, service: ServiceConfig): string[] {
  return [...new Set([...documentOrigins(catalog, service), ...endpointOrigins(catalog)])];
}

/** The origins the user configured for a service's secrets; `null` leaves it to the document. */
export function configuredOrigins(service: ServiceConfig, baseUrl: string): string[] | null {
  const { origins, server } = service;
  if (origins === null && server === null) return null;
  return [...new Set([...origins ?? [], ...(server === null ? [] : [new URL(baseUrl).origin])])];
}
