/**
 * A service's catalog, from the compiled one where that is of the documents as they are, else from the documents
 * themselves, which are compiled then. A home that cannot be written to costs time, no service.
 */
import { dirname } from "node:path";
import type { ServiceConfig } from "../base/config.ts";
import { isHttpUrl } from "../base/config_values.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { JsonValue } from "../base/json.ts";
import { isInside } from "../base/paths.ts";
import { parseYaml } from "../base/yaml.ts";
import { type Catalog, readCatalog } from "../openapi/catalog.ts";
import { readDocument } from "../openapi/document.ts";
import type { SkippedOperation } from "../openapi/operation.ts";
import { realPlace } from "../store/confined_path.ts";
import type { Home } from "../store/home.ts";
import { UnusableRecords } from "../store/record_file.ts";
import { type CacheEntry, CatalogCache, digestOf } from "./catalog_cache.ts";
import { writeCompiled } from "./compiled_catalog.ts";
import { type DocumentSource, documentSource } from "./service_document.ts";
import { listOperations } from "./service_listing.ts";
import type { ToolListing } from "./tool_owner.ts";

/** A catalog and what a list shows of it. */
export interface ReadService {
  readonly catalog: Catalog;
  readonly listing: ToolListing;
}

interface NamedSource extends DocumentSource {
  readonly location: string;
}

/** @throws {AppError} `BAD_INPUT` for a text that is no OpenAPI document, and what `documentSource` throws. */
export async function readDocuments(
  ctx: Context,
  home: Home,
  service: ServiceConfig,
): Promise<ReadService> {
  if (service.origin.layer === "project") await checkDocuments(home, service);
  const own = { location: service.openapi, ...await documentSource(ctx, home, service.openapi) };
  const { refs, unread } = await listedSources(ctx, home, service);
  const sources = [own, ...refs];
  if (unread.length > 0) {
    await ctx.watch?.();
    return readTexts(service, await textsOf(sources), unread);
  }
  const cache = new CatalogCache(home, service);
  const signature = sources.map((source) => source.signature).join("\n");
  const known = await knownService(cache, signature);
  if (known !== null) return known;
  const texts = await textsOf(sources);
  const entry = { signature, digest: digestOf(JSON.stringify([...texts])) };
  const same = openOrNull(cache, entry);
  if (same === null) {
    await ctx.watch?.();
    return await compile(service, texts, cache, entry);
  }
  await cache.note(entry).catch(() => {});
  return same;
}

async function knownService(cache: CatalogCache, signature: string): Promise<ReadService | null> {
  const entry = await cache.entry();
  if (entry?.signature !== signature) return null;
  const known = openOrNull(cache, entry);
  if (known !== null) await cache.touch(entry);
  return known;
}

/** A damaged one is as good as none. */
function openOrNull(cache: CatalogCache, entry: CacheEntry): ReadService | null {
  try {
    const catalog = cache.open(entry);
    return catalog === null ? null : { catalog, listing: catalog.listing };
  } catch (error) {
    if (error instanceof UnusableRecords) return null;
    throw error;
  }
}

async function compile(
  service: ServiceConfig,
  texts: ReadonlyMap<string, string>,
  cache: CatalogCache,
  entry: CacheEntry,
): Promise<ReadService> {
  const read = readTexts(service, texts, []);
  try {
    await writeCompiled(cache.path(entry.digest), read.catalog, read.listing);
    await cache.note(entry);
    return openOrNull(cache, entry) ?? read;
  } catch {
    return read;
  }
}

function readTexts(
  service: ServiceConfig,
  texts: ReadonlyMap<string, string>,
  unread: readonly SkippedOperation[],
): ReadService {
  const broken: SkippedOperation[] = [...unread];
  const externals = new Map<string, JsonValue>();
  for (const location of service.refs) {
    const text = texts.get(location);
    if (text === undefined) continue;
    try {
      externals.set(location, parseYaml(text, location));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      broken.push(unreadDocument(location, error));
    }
  }
  const read = readCatalog(readDocument(texts.get(service.openapi)!, service.openapi, externals));
  const catalog = { ...read, skipped: [...broken, ...read.skipped] };
  return { catalog, listing: listOperations(catalog, service) };
}

/** A listed document that cannot be read costs the operations that need it, not the service. */
async function listedSources(
  ctx: Context,
  home: Home,
  service: ServiceConfig,
): Promise<{ refs: NamedSource[]; unread: SkippedOperation[] }> {
  const refs: NamedSource[] = [];
  const unread: SkippedOperation[] = [];
  for (const location of service.refs) {
    try {
      refs.push({ location, ...await documentSource(ctx, home, location) });
    } catch (error) {
      if (!(error instanceof AppError) || error.code === "INTERRUPTED") throw error;
      unread.push(unreadDocument(location, error));
    }
  }
  return { refs, unread };
}

function unreadDocument(location: string, { message }: AppError): SkippedOperation {
  return { operationId: null, method: "", path: location, reason: message };
}

async function textsOf(sources: readonly NamedSource[]): Promise<Map<string, string>> {
  const texts = await Promise.all(sources.map((source) => source.text()));
  return new Map(sources.map(({ location }, at) => [location, texts[at]!]));
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
