/** The tools of a service: the operations of its OpenAPI document. */
import type { ServiceConfig } from "../base/config.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { JsonSchema } from "../base/json.ts";
import { argumentSchema } from "../openapi/argument_schema.ts";
import type { Catalog } from "../openapi/catalog.ts";
import type { Operation } from "../openapi/operation.ts";
import { DocumentProblem } from "../openapi/reference.ts";
import { askedSecurity } from "../resolve/attach.ts";
import type { Home } from "../store/home.ts";
import { toolResult } from "./app_tools.ts";
import { loadCatalog, loadListing, requireOperation, withSoundCatalog } from "./service_catalog.ts";
import { summaryOf, urlOf } from "./service_listing.ts";
import type {
  ToolArguments,
  ToolCallOptions,
  ToolDetails,
  ToolListing,
  ToolOwner,
  ToolResult,
} from "./tool_owner.ts";

/** Loaded with the first call: a list needs nothing of it. */
let calls: Promise<typeof import("./call_service.ts")> | null = null;

export class ServiceTools implements ToolOwner {
  readonly kind = "service";
  readonly name: string;
  readonly #ctx: Context;
  readonly #home: Home;
  readonly #service: ServiceConfig;

  constructor(ctx: Context, home: Home, service: ServiceConfig) {
    this.name = service.name;
    this.#ctx = ctx;
    this.#home = home;
    this.#service = service;
  }

  async list(): Promise<ToolListing> {
    return await loadListing(this.#ctx, this.#home, this.#service);
  }

  async show(tool: string): Promise<ToolDetails> {
    return await withSoundCatalog(this.#ctx, () => this.#details(tool));
  }

  async #details(tool: string): Promise<ToolDetails> {
    const catalog = await loadCatalog(this.#ctx, this.#home, this.#service);
    const operation = requireOperation(catalog, this.name, tool);
    try {
      const summary = summaryOf(catalog, this.#service, operation);
      const definition = definitionOf(catalog, this.#service, operation);
      return { summary, definition, paging: operation.paging };
    } catch (error) {
      if (!(error instanceof DocumentProblem)) throw error;
      throw new AppError("BAD_INPUT", `"${tool}" cannot be described: ${error.message}`, {
        details: { file: this.#service.openapi },
      });
    }
  }

  async call(tool: string, args: ToolArguments, options: ToolCallOptions): Promise<ToolResult> {
    const { callServiceTool } = await (calls ??= import("./call_service.ts"));
    const { response } = await callServiceTool(this.#ctx, {
      service: this.name,
      tool,
      args,
      ...options,
    });
    return toolResult(response, `keysmith auth explain ${this.name} ${tool}`);
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
