/** The configured services and the catalogs of their documents. */
import type { Config, ServiceConfig } from "../base/config.ts";
import { isHttpUrl } from "../base/config_values.ts";
import type { Context } from "../base/context.ts";
import { recently } from "../base/recently.ts";
import { whenWritten } from "../base/unchanged_files.ts";
import { AppError } from "../base/error.ts";
import type { Catalog } from "../openapi/catalog.ts";
import type { Operation } from "../openapi/operation.ts";
import type { Home } from "../store/home.ts";
import { UnusableRecords } from "../store/record_file.ts";
import { unknownToolHint } from "../tools/unknown_tool.ts";
import { configWith } from "./folder_consent.ts";
import type { ReadService } from "./compile_documents.ts";
import { fileSignature } from "./service_document.ts";
import { type ServiceState, serviceState } from "./service_state.ts";
import type { ToolListing } from "./tool_owner.ts";

/** A catalog that was read this recently is used again by the same process, in milliseconds. */
const FRESH_MS = 60_000;

export interface LoadedService {
  readonly config: Config;
  readonly service: ServiceConfig;
  readonly catalog: Catalog;
}

interface RecentService {
  readonly readAtMs: number;
  readonly signature: string;
  /** Of many callers at once one looks, and one reads. */
  readonly state: Promise<ServiceState>;
  read: Promise<ReadService> | null;
  /** It cost too much to be tried again. */
  isHopeless: boolean;
}

/** By the redactor, which lives as long as the process: a server reads a large document once, not per call. */
const recentServices = new WeakMap<object, Map<string, RecentService>>();

/** @throws {AppError} `NOT_FOUND` for an unknown service, and what `loadConfig` and `loadCatalog` throw. */
export async function loadService(ctx: Context, home: Home, name: string): Promise<LoadedService> {
  const config = await configWith(ctx, name);
  const service = requireService(config, name);
  return { config, service, catalog: await loadCatalog(ctx, home, service) };
}

/** @throws {AppError} `NOT_FOUND` naming what there is. */
function requireService(config: Config, name: string): ServiceConfig {
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

/** @throws {AppError} `BAD_INPUT` for a text that is not an OpenAPI document, and what `documentSource` throws. */
export async function loadCatalog(
  ctx: Context,
  home: Home,
  service: ServiceConfig,
): Promise<Catalog> {
  return (await readService(ctx, home, service)).catalog;
}

/** The tools that the operations make. @throws {AppError} as `loadCatalog`. */
export async function loadListing(
  ctx: Context,
  home: Home,
  service: ServiceConfig,
): Promise<ToolListing> {
  return (await readService(ctx, home, service)).listing;
}

/**
 * What the tools are made of, where that was made before: as long as it is the same, so are they. `null` where they
 * have to be listed to know.
 */
export async function listingState(
  ctx: Context,
  home: Home,
  service: ServiceConfig,
): Promise<string | null> {
  const current = await recentService(ctx, home, service);
  try {
    if (current.read !== null) return (await current.read).listing.state ?? null;
    const { entry, cache } = await current.state;
    return entry === null ? null : cache.state(entry);
  } catch (error) {
    // Whoever lists the tools is told.
    if (error instanceof AppError) return null;
    throw error;
  }
}

async function readService(
  ctx: Context,
  home: Home,
  service: ServiceConfig,
): Promise<ReadService> {
  const current = await recentService(ctx, home, service);
  current.read ??= readWritten(ctx, home, service, current.state);
  try {
    return await current.read;
  } catch (error) {
    // As long as the documents are the same, they cost the same.
    current.isHopeless = error instanceof AppError && error.code === "UNSUPPORTED" &&
      error.details.limit !== undefined;
    if (!current.isHopeless) forget(ctx, service, current);
    // Whoever began to read was stopped, and this caller was not.
    const isOthers = error instanceof AppError && error.code === "INTERRUPTED" &&
      !ctx.signal.aborted;
    if (isOthers) return await readService(ctx, home, service);
    throw error;
  }
}

function forget(ctx: Context, service: ServiceConfig, current: RecentService): void {
  const recent = recentServices.get(ctx.redactor);
  const { key } = identityOf(service);
  if (recent?.get(key) === current) recent.delete(key);
}

async function recentService(
  ctx: Context,
  home: Home,
  service: ServiceConfig,
): Promise<RecentService> {
  const recent = recentServices.get(ctx.redactor) ?? new Map<string, RecentService>();
  recentServices.set(ctx.redactor, recent);
  const { key, locations, documents } = identityOf(service);
  const signature = await recently(ctx, documents, async () => {
    return (await Promise.all(locations.map(recentSignature))).join("\n");
  });
  const nowMs = ctx.clock.nowMs();
  const known = recent.get(key);
  const isFresh = known?.signature === signature &&
    (known.isHopeless || nowMs - known.readAtMs < FRESH_MS);
  if (isFresh) return known;
  const state = serviceState(ctx, home, service);
  // Told to whoever asks for it.
  state.catch(() => {});
  const current = { readAtMs: nowMs, signature, state, read: null, isHopeless: false };
  recent.set(key, current);
  return current;
}

interface ServiceIdentity {
  /** Of what the catalog is made of, but for the documents' contents. */
  readonly key: string;
  readonly locations: readonly string[];
  /** Under which the documents are looked at. */
  readonly documents: string;
}

/** By the service, which is the same object as long as the configuration is. */
const identities = new WeakMap<ServiceConfig, ServiceIdentity>();

function identityOf(service: ServiceConfig): ServiceIdentity {
  const known = identities.get(service);
  if (known !== undefined) return known;
  const { name, openapi, refs, server, serverVariables, attach, origins, origin } = service;
  const locations = [openapi, ...refs];
  const key = JSON.stringify([name, locations, server, serverVariables, attach, origins, origin]);
  const made = { key, locations, documents: `documents\n${locations.join("\n")}` };
  identities.set(service, made);
  return made;
}

/** A document that cannot be read may be half written. `first`: its state before the first look at it. */
async function readWritten(
  ctx: Context,
  home: Home,
  service: ServiceConfig,
  first: Promise<ServiceState>,
): Promise<ReadService> {
  const files = [service.openapi, ...service.refs].filter((location) => !isHttpUrl(location));
  const { readDocuments } = await import("./read_service.ts");
  let next: Promise<ServiceState> | null = first;
  const read = async () => {
    const state = next ?? serviceState(ctx, home, service);
    next = null;
    try {
      return await readDocuments(ctx, service, await state);
    } catch (error) {
      if (error instanceof AppError && error.code === "BAD_INPUT") return error;
      throw error;
    }
  };
  const result = await whenWritten(files, read, (value) => !(value instanceof AppError));
  if (result instanceof AppError) throw result;
  return result;
}

/** Runs `work` again where the compiled catalog turns out to be damaged: it is made anew then. */
export async function withSoundCatalog<T>(ctx: Context, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnusableRecords)) throw error;
    recentServices.delete(ctx.redactor);
    return await work();
  }
}

/** The same for a URL, whose age decides. */
async function recentSignature(location: string): Promise<string> {
  return isHttpUrl(location) ? location : await fileSignature(location);
}

/**
 * An operation by tool name, operation id, or method and path (`GET /pets/{id}`).
 *
 * @throws {AppError} `NOT_FOUND`, saying why when the operation was skipped.
 */
export function requireOperation(catalog: Catalog, service: string, name: string): Operation {
  const found = catalog.find(name);
  if (found !== undefined) return found;
  const skipped = catalog.skipped.find(({ operationId, method, path }) =>
    operationId === name || `${method} ${path}` === name
  );
  const isRequest = name.includes(" /");
  throw new AppError(
    "NOT_FOUND",
    skipped === undefined
      ? `Service "${service}" has no tool "${name}"`
      : `"${name}" of "${service}" cannot be called: ${skipped.reason}`,
    {
      hint: unknownToolHint(
        service,
        name,
        catalog.operations.map(({ tool, method, path }) => isRequest ? `${method} ${path}` : tool),
      ),
      details: { service, tool: name },
    },
  );
}
