/**
 * A service's catalog, from the compiled one where that is of the documents as they are, else from the documents
 * themselves, which are compiled then. A home that cannot be written to costs time, no service.
 */
import type { ServiceConfig } from "../base/config.ts";
import type { Context } from "../base/context.ts";
import { UnusableRecords } from "../store/record_file.ts";
import type { CacheEntry, CatalogCache } from "./catalog_cache.ts";
import type { ReadService } from "./compile_documents.ts";
import type { ServiceState } from "./service_state.ts";

/** @throws {AppError} `BAD_INPUT` for a text that is not an OpenAPI document. */
export async function readDocuments(
  ctx: Context,
  service: ServiceConfig,
  { sources, unread, signature, cache, entry: known }: ServiceState,
): Promise<ReadService> {
  const found = known === null ? null : await openOrNull(cache, known);
  if (found !== null) {
    await cache.touch(known!);
    return found;
  }
  await ctx.watch?.();
  // Most starts find what an earlier one has made.
  const { compiled } = await import("./compile_apart.ts");
  const { digest, read } = await compiled(ctx, { service, sources, unread, prefix: cache.prefix });
  const entry = { signature, digest };
  const written = await openOrNull(cache, entry);
  if (written !== null) await cache.note(entry).catch(() => {});
  if (written !== null || read !== null) return written ?? read!;
  const { readSources } = await import("./compile_documents.ts");
  return await readSources({ service, sources, unread });
}

/** A damaged one is as good as none. */
async function openOrNull(cache: CatalogCache, entry: CacheEntry): Promise<ReadService | null> {
  try {
    const catalog = await cache.open(entry);
    if (catalog === null) return null;
    return { catalog, listing: { ...catalog.listing, state: cache.state(entry) } };
  } catch (error) {
    if (error instanceof UnusableRecords) return null;
    throw error;
  }
}
