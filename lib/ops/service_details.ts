/** One operation of a service, with all that its document says of it. */
import type { ServiceConfig } from "../base/config.ts";
import { AppError } from "../base/error.ts";
import type { JsonSchema } from "../base/json.ts";
import { argumentSchema } from "../openapi/argument_schema.ts";
import type { Catalog } from "../openapi/catalog.ts";
import type { Operation } from "../openapi/operation.ts";
import { DocumentProblem } from "../openapi/reference.ts";
import { askedSecurity } from "../resolve/attach.ts";
import { summaryOf } from "./service_listing.ts";
import { urlOf } from "./service_urls.ts";
import type { ToolDetails } from "./tool_owner.ts";

/** @throws {AppError} `BAD_INPUT` for schemas that cannot be read. */
export function serviceDetails(
  catalog: Catalog,
  service: ServiceConfig,
  operation: Operation,
): ToolDetails {
  try {
    const summary = summaryOf(catalog, service, operation);
    const definition = definitionOf(catalog, service, operation);
    return { summary, definition, paging: operation.paging };
  } catch (error) {
    if (!(error instanceof DocumentProblem)) throw error;
    const message = `"${operation.tool}" cannot be described: ${error.message}`;
    throw new AppError("BAD_INPUT", message, { details: { file: service.openapi } });
  }
}

/** Everything the catalog knows of an operation, as data. */
export interface ServiceToolDefinition {
  readonly operationId: string | null;
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
  /** As the document states it; `attach` of the configuration stands in where it states nothing. */
  readonly security: Operation["security"];
  readonly attached: boolean;
  readonly parameters: readonly {
    readonly argument: string;
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly style: string;
    readonly explode: boolean;
  }[];
  readonly body:
    | { readonly argument: string; readonly required: boolean; readonly mediaTypes: string[] }
    | null;
  readonly arguments: JsonSchema;
}

function definitionOf(
  catalog: Catalog,
  service: ServiceConfig,
  operation: Operation,
): ServiceToolDefinition {
  const { operationId, method, path, tags, deprecated, security, parameters, body } = operation;
  const asked = askedSecurity(security, service.attach, catalog.schemes);
  return {
    operationId,
    method,
    path,
    url: urlOf(catalog, service, operation),
    tags,
    deprecated,
    security: { declaredBy: security.declaredBy, alternatives: asked.alternatives },
    attached: asked.alternatives !== security.alternatives,
    parameters: parameters.map(({ argument, name, in: place, required, style, explode }) => ({
      argument,
      name,
      in: place,
      required,
      style,
      explode,
    })),
    body: body === null ? null : {
      argument: body.argument,
      required: body.required,
      mediaTypes: body.contents.map(({ mediaType }) => mediaType),
    },
    arguments: argumentSchema(catalog, operation),
  };
}
