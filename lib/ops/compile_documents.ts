/** Makes the catalog of a service out of its documents, and writes it where the next start finds it. */
import type { ServiceConfig } from "../base/config.ts";
import { AppError } from "../base/error.ts";
import type { JsonValue } from "../base/json.ts";
import { parseYaml } from "../base/yaml.ts";
import { type Catalog, readCatalog } from "../openapi/catalog.ts";
import { readDocument } from "../openapi/document.ts";
import type { SkippedOperation } from "../openapi/operation.ts";
import { UnusableRecords } from "../store/record_file.ts";
import { catalogPath, digestOf } from "./catalog_cache.ts";
import { openCompiled, writeCompiled } from "./compiled_catalog.ts";
import { readDocumentFile } from "./document_file.ts";
import { listOperations } from "./service_listing.ts";
import type { ToolListing } from "./tool_owner.ts";

/** A catalog and what a list shows of it. */
export interface ReadService {
  readonly catalog: Catalog;
  readonly listing: ToolListing;
}

/** Plain data: another process may do it. */
export interface CompileJob {
  readonly service: ServiceConfig;
  /** The document and those that it may refer to: where each comes from, and the file its text is in. */
  readonly sources: readonly { readonly location: string; readonly file: string }[];
  /** Documents that cannot be had, and why. */
  readonly unread: readonly SkippedOperation[];
  /** As of `CatalogCache`. */
  readonly prefix: string;
}

export interface CompileEnd {
  /** Of the texts. */
  readonly digest: string;
  /** `null` where the catalog is in its file; else it could not be written. */
  readonly read: ReadService | null;
}

/** @throws {AppError} `BAD_INPUT` for a text that is not an OpenAPI document, and what `readDocumentFile` throws. */
export async function compileDocuments(job: CompileJob): Promise<CompileEnd> {
  const texts = await textsOf(job);
  const digest = digestOf(JSON.stringify([...texts, ...job.unread]));
  const path = catalogPath(job.prefix, digest);
  if (isWritten(path)) return { digest, read: null };
  const read = readTexts(job, texts);
  try {
    await writeCompiled(path, read.catalog, read.listing);
    return { digest, read: null };
  } catch {
    return { digest, read };
  }
}

/** As `compileDocuments`, and writes nothing. */
export async function readSources(job: Omit<CompileJob, "prefix">): Promise<ReadService> {
  return readTexts(job, await textsOf(job));
}

async function textsOf({ sources }: Pick<CompileJob, "sources">): Promise<Map<string, string>> {
  const texts = await Promise.all(sources.map(({ file }) => readDocumentFile(file)));
  return new Map(sources.map(({ location }, at) => [location, texts[at]!]));
}

/** A damaged one is as good as none. */
function isWritten(path: string): boolean {
  try {
    return openCompiled(path) !== null;
  } catch (error) {
    if (error instanceof UnusableRecords) return false;
    throw error;
  }
}

function readTexts(
  { service, unread }: Omit<CompileJob, "prefix" | "sources">,
  texts: ReadonlyMap<string, string>,
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
export function unreadDocument(location: string, { message }: AppError): SkippedOperation {
  return { operationId: null, method: "", path: location, reason: message };
}
