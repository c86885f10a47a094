/** Where the calls of a service go, and where its secrets may. */
import type { ServiceConfig } from "../base/config.ts";
import { AppError } from "../base/error.ts";
import type { Catalog } from "../openapi/catalog.ts";
import type { Operation } from "../openapi/operation.ts";
import { endpointUrls } from "../openapi/security.ts";
import { operationUrl, serverUrl } from "../openapi/server.ts";

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
  const origins = catalog.targets.flatMap((server) => {
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

/** By catalog: each call asks, and neither changes. */
const knownDestinations = new WeakMap<Catalog, WeakMap<ServiceConfig, readonly string[]>>();

/** Where a document would have secrets go. */
export function destinations(catalog: Catalog, service: ServiceConfig): readonly string[] {
  const known = knownDestinations.get(catalog) ?? new WeakMap<ServiceConfig, readonly string[]>();
  knownDestinations.set(catalog, known);
  const origins = known.get(service) ??
    [...new Set([...documentOrigins(catalog, service), ...endpointOrigins(catalog)])];
  known.set(service, origins);
  return origins;
}

/** The origins the user configured for a service's secrets; `null` leaves it to the document. `origin`: of the call. */
export function configuredOrigins(service: ServiceConfig, origin: string): string[] | null {
  const { origins, server } = service;
  if (origins === null && server === null) return null;
  return [...new Set([...origins ?? [], ...(server === null ? [] : [origin])])];
}

/** A server that cannot be completed is told when the tool is called; the list still shows the path. */
export function urlOf(catalog: Catalog, service: ServiceConfig, operation: Operation): string {
  try {
    return operationUrl(baseUrlOf(catalog, service, operation), operation.path);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return operation.servers[0]!.url.replace(/\/$/, "") + operation.path;
  }
}
