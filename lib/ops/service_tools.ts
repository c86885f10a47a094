/** The tools of a service: the operations of its OpenAPI document. */
import type { ServiceConfig } from "../base/config.ts";
import type { Context } from "../base/context.ts";
import type { Home } from "../store/home.ts";
import {
  listingState,
  loadCatalog,
  loadListing,
  requireOperation,
  withSoundCatalog,
} from "./service_catalog.ts";
import type {
  ToolArguments,
  ToolCallOptions,
  ToolDetails,
  ToolListing,
  ToolOwner,
  ToolResult,
} from "./tool_owner.ts";

/** Loaded with the first call: a list needs nothing of it. */
let calls: ReturnType<typeof loadCalls> | null = null;

async function loadCalls() {
  const { callServiceTool } = await import("./call_service.ts");
  const { toolResult } = await import("./tool_result.ts");
  return { callServiceTool, toolResult };
}

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

  async state(): Promise<string | null> {
    return await listingState(this.#ctx, this.#home, this.#service);
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
    const { serviceDetails } = await import("./service_details.ts");
    return serviceDetails(catalog, this.#service, operation);
  }

  async call(tool: string, args: ToolArguments, options: ToolCallOptions): Promise<ToolResult> {
    const { callServiceTool, toolResult } = await (calls ??= loadCalls());
    const { response } = await callServiceTool(this.#ctx, {
      service: this.name,
      tool,
      args,
      ...options,
    });
    return toolResult(response, `keysmith auth explain ${this.name} ${tool}`);
  }
}
