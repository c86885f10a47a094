/**
 * The documents of a service as they are now, by their times or by what their servers answer, and which compiled
 * catalog is of them. Nothing is read of what stands in them.
 */
import { dirname } from "node:path";
import type { ServiceConfig } from "../base/config.ts";
import { isHttpUrl } from "../base/config_values.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { isInside } from "../base/paths.ts";
import type { SkippedOperation } from "../openapi/operation.ts";
import { realPlace } from "../store/confined_path.ts";
import type { Home } from "../store/home.ts";
import { type CacheEntry, CatalogCache } from "./catalog_cache.ts";
import type { DocumentSource } from "./document_file.ts";
import { documentSource } from "./service_document.ts";

interface NamedSource extends DocumentSource {
  readonly location: string;
}

export interface ServiceState {
  readonly sources: readonly NamedSource[];
  /** Listed documents that cannot be had. */
  readonly unread: readonly SkippedOperation[];
  /** Changes with every document. */
  readonly signature: string;
  readonly cache: CatalogCache;
  /** Of the catalog that was made of the documents as they are; `null` where none was. */
  readonly entry: CacheEntry | null;
}

/** @throws {AppError} `BAD_CONFIG`, and what `documentSource` throws. */
export async function serviceState(
  ctx: Context,
  home: Home,
  service: ServiceConfig,
): Promise<ServiceState> {
  if (service.origin.layer === "project") await checkDocuments(home, service);
  const own = { location: service.openapi, ...await documentSource(ctx, home, service.openapi) };
  const { refs, unread } = await listedSources(ctx, home, service);
  const sources = [own, ...refs];
  const cache = new CatalogCache(home, service);
  const signature = [
    ...sources.map((source) => source.signature),
    ...unread.map(({ path, reason }) => `${path}: ${reason}`),
  ].join("\n");
  const entry = await cache.entry();
  return {
    sources,
    unread,
    signature,
    cache,
    entry: entry?.signature === signature ? entry : null,
  };
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
      const { unreadDocument } = await import("./compile_documents.ts");
      unread.push(unreadDocument(location, error));
    }
  }
  return { refs, unread };
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
