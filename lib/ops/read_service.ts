/**
 * A service's catalog, from the compiled one where that is of the documents as they are, else from the documents
 * themselves, which are compiled then. A home that cannot be written to costs time, no service.
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
import { UnusableRecords } from "../store/record_file.ts";
import { type CacheEntry, CatalogCache } from "./catalog_cache.ts";
import type { ReadService } from "./compile_documents.ts";
import { type DocumentSource, documentSource } from "./service_document.ts";

interface NamedSource extends DocumentSource {
  readonly location: string;
}

/** @throws {AppError} `BAD_INPUT` for a text that is not an OpenAPI document, and what `documentSource` throws. */
export async function readDocuments(
  ctx: Context,
  home: Home,
  service: ServiceConfig,
): Promise<ReadService> {
  if (service.origin.layer === "project") await checkDocuments(home, service);
  const own = { location: service.openapi, ...await documentSource(ctx, home, service.openapi) };
  const { refs, unread } = await listedSources(ctx, home, service);
  const sources = [own, ...refs];
  const cache = new CatalogCache(home, service);
  const signature = [
    ...sources.map((source) => source.signature),
    ...unread.map(({ path, reason }) => `${path}: ${reason}`),
  ].join("\n");
  const known = await knownService(cache, signature);
  if (known !== null) return known;
  await ctx.watch?.();
  // Most starts find what an earlier one has made.
  const { compiled } = await import("./compile_apart.ts");
  const { digest, read } = await compiled(ctx, { service, sources, unread, prefix: cache.prefix });
  const entry = { signature, digest };
  const written = openOrNull(cache, entry);
  if (written !== null) await cache.note(entry).catch(() => {});
  if (written !== null || read !== null) return written ?? read!;
  const { readSources } = await import("./compile_documents.ts");
  return await readSources({ service, sources, unread });
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
