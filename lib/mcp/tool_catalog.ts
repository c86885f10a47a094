/** The tools of the chosen owners by their MCP names. */
import type { Context } from "../base/context.ts";
import { toolOwner, toolOwners } from "../ops/find_tool_owner.ts";
import type { ToolOwner } from "../ops/tool_owner.ts";
import { type OwnerStatus, OwnerTools } from "./owner_tools.ts";
import type { OwnedTool } from "./tool_description.ts";
import { byMcpName, mayBeToolOf } from "./tool_names.ts";

/** How long a list waits for one owner. Clients give up a server that lists nothing within some seconds. */
const OWNER_DEADLINE_MS = 3_000;

export interface CatalogOptions {
  /** Names of apps and services; empty for all. */
  readonly only: readonly string[];
  readonly deadlineMs?: number;
  /** Offers tools that change nothing, and no others. */
  readonly readOnly?: boolean;
}

export class ToolCatalog {
  readonly #ctx: Context;
  readonly #options: CatalogOptions;
  readonly #owners = new Map<string, OwnerTools>();
  readonly #listeners = new Set<() => void>();
  #tools = new Map<string, OwnedTool>();

  constructor(ctx: Context, options: CatalogOptions) {
    this.#ctx = ctx;
    this.#options = options;
  }

  /** Calls `listener` when the tools change; answers the way to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Tells every listener that the tools have changed, or may have. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Reads the tools anew: files may have changed. Owners that are slow or broken keep nobody waiting. */
  async refresh(): Promise<ReadonlyMap<string, OwnedTool>> {
    const { deadlineMs = OWNER_DEADLINE_MS } = this.#options;
    const owners = await this.#currentOwners();
    const before = this.#troubles();
    await Promise.all(
      owners.map((owner) => this.#entry(owner).refresh(owner, deadlineMs)),
    );
    for (const line of this.#troubles()) {
      if (!before.includes(line)) this.#ctx.term.err(`keysmith: ${line}`);
    }
    return this.#merge();
  }

  /** A tool by its name. An unknown one is looked for among those of the owner that its name begins with. */
  async find(name: string): Promise<OwnedTool | undefined> {
    const known = this.#tools.get(name);
    if (known !== undefined) return known;
    const owners = (await this.#currentOwners()).filter((owner) => mayBeToolOf(name, owner.name));
    await Promise.all(owners.map((owner) => this.#entry(owner).settle(owner)));
    return this.#merge().get(name);
  }

  status(): OwnerStatus[] {
    return [...this.#owners.values()].map((owner) => owner.status);
  }

  async #currentOwners(): Promise<ToolOwner[]> {
    const { only } = this.#options;
    const all = await toolOwners(this.#ctx);
    // Accounts and environments are listed nowhere; their apps are.
    const parts = only.filter((name) =>
      /[@:]/.test(name) && all.some((owner) => owner.name === name.split(/[@:]/)[0])
    );
    const owners = [
      ...all.filter(({ name }) => only.length === 0 || only.includes(name)),
      ...await Promise.all(parts.map((name) => toolOwner(this.#ctx, name))),
    ];
    const names = new Set(owners.map(({ name }) => name));
    for (const name of this.#owners.keys()) if (!names.has(name)) this.#owners.delete(name);
    return owners;
  }

  #entry(owner: ToolOwner): OwnerTools {
    const entry = this.#owners.get(owner.name) ?? new OwnerTools(owner, () => this.changed());
    this.#owners.set(owner.name, entry);
    return entry;
  }

  #merge(): ReadonlyMap<string, OwnedTool> {
    const offered = [...this.#owners.values()].flatMap(({ tools }) => tools)
      .filter(({ safe }) => safe || this.#options.readOnly !== true);
    return this.#tools = byMcpName(offered);
  }

  /** What is not offered and why, one line each. */
  #troubles(): string[] {
    return this.status().flatMap(({ owner, state, problem, skipped }) => [
      ...(problem === null ? [] : [`skipped ${owner}: ${problem}`]),
      ...(state === "loading" ? [`${owner} is slow: its tools follow`] : []),
      ...skipped.map(({ name, reason }) => `skipped ${owner} ${name}: ${reason}`),
    ]);
  }
}
