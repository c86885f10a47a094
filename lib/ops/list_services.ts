/** The configured services, without reading their documents. */
import { loadConfig } from "../base/config_files.ts";
import type { Context } from "../base/context.ts";

export interface ListedService {
  readonly name: string;
  /** Path or URL of its document. */
  readonly openapi: string;
  readonly server: string | null;
  /** The configuration file it stands in. */
  readonly file: string;
}

/** Sorted by name. @throws {AppError} `BAD_CONFIG` naming file, line and column. */
export async function listServices(ctx: Context): Promise<ListedService[]> {
  const { services } = await loadConfig(ctx);
  return [...services.values()]
    .map(({ name, openapi, server, origin }) => ({ name, openapi, server, file: origin.file }))
    .toSorted((a, b) => a.name < b.name ? -1 : 1);
}
