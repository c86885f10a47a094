/** The tools of the chosen owners by their MCP names. */
import type { Config, ToolChoice, ToolSettings } from "../base/config.ts";
import type { Context } from "../base/context.ts";
import { lookAnew } from "../base/recently.ts";
import { configuration, toolSettings } from "../ops/tool_settings.ts";
import { toolOwner, toolOwners } from "../ops/find_tool_owner.ts";
import type { ListState } from "../ops/kept_lists.ts";
import type { ToolOwner } from "../ops/tool_owner.ts";
import { type OwnerStatus, OwnerTools, problemText } from "./owner_tools.ts";
import { describedAnswers, describedSize, type OwnedTool } from "./tool_description.ts";
import { isChosen, isPinned } from "./tool_filter.ts";
import { byMcpName, ownerPrefixes } from "./tool_names.ts";
import type { Searched, ToolSearch } from "./tool_search.ts";

/** How long a list waits for one owner. Clients give up a server that lists nothing within some seconds. */
const OWNER_DEADLINE_MS = 3_000;

/** How long a search waits for the owners that lists no longer wait for. */
const SEARCH_DEADLINE_MS = 20_000;

export interface CatalogOptions {
  /** Names of apps and services; empty for all. */
  readonly only: readonly string[];
  readonly deadlineMs?: number;
  /** Offers tools that change nothing, and no others. */
  readonly readOnly?: boolean;
  /** What the command line chooses, on top of the configuration. */
  readonly choice?: ToolChoice;
  /** How the tools are offered; default `auto`. */
  readonly mode?: ToolMode;
}

/** `search`: a few tools that find and call the others; `auto`: that where a list would be too long. */
export type ToolMode = "all" | "search" | "auto";

/** About 16,000 tokens: what most models can keep in view beside their work. */
export const LIST_BUDGET_BYTES = 64 * 1024;

const NO_CHOICE: ToolChoice = { tags: [], methods: [], paths: [], match: [], pin: [] };

export interface Listed {
  /** True where search_tools, describe_tool and call_tool stand for what is not listed. */
  readonly isSearched: boolean;
  readonly tools: readonly (readonly [name: string, tool: OwnedTool])[];
  /** Those of which the list says what they answer. */
  readonly told: ReadonlySet<OwnedTool>;
  /** What it is made of; `null` where that is not known. */
  readonly state: ListState | null;
}

export class ToolCatalog {
  readonly #ctx: Context;
  readonly #options: CatalogOptions;
  readonly #owners = new Map<string, OwnerTools>();
  /** What names of tools begin with, by owner; of the owners whose tools cannot be read, too. */
  #prefixes: ReadonlyMap<string, string> = new Map();
  readonly #listeners = new Set<() => void>();
  #tools: ReadonlyMap<string, OwnedTool> = new Map();
  /** What `#tools` was made of. */
  #parts: readonly unknown[] = [];
  #config: Config | null = null;
  #search: ToolSearch | null = null;
  #toldProblem: string | null = null;
  /** What was said last of what is not offered. */
  #said: readonly string[] = [];

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
    lookAnew(this.#ctx);
    const owners = await this.#currentOwners();
    await Promise.all(
      owners.map((owner) => this.#entry(owner).refresh(owner, this.#deadlineMs)),
    );
    this.say(this.troubles);
    return this.#merge();
  }

  /** Says those of the lines of what is not offered that were not in force before. */
  say(lines: readonly string[]): void {
    for (const line of lines) {
      if (!this.#said.includes(line)) this.#ctx.term.err(`keysmith: ${line}`);
    }
    this.#said = lines;
  }

  /** A tool by its name. An unknown one is looked for among those of the owner that its name begins with. */
  async find(name: string): Promise<OwnedTool | undefined> {
    const known = this.#tools.get(name);
    if (known !== undefined) return known;
    const owners = (await this.#currentOwners())
      .filter((owner) => name.startsWith(this.#prefixes.get(owner.name)!));
    await Promise.all(owners.map((owner) => this.#entry(owner).settle(owner)));
    return this.#merge().get(name);
  }

  /** Says once that the configuration cannot be read, and once that it can again. */
  tellConfiguration(): void {
    const { heldConfig, term } = this.#ctx;
    const problem = heldConfig?.problem == null ? null : problemText(heldConfig.problem);
    if (problem === this.#toldProblem) return;
    this.#toldProblem = problem;
    const inForce = heldConfig?.last == null ? "nothing of it" : "what it said before";
    term.err(
      problem === null
        ? "keysmith: the configuration can be read again"
        : `keysmith: the configuration cannot be read, ${inForce} is in force: ${problem}`,
    );
  }

  status(): OwnerStatus[] {
    return [...this.#owners.values()].map((owner) => owner.status);
  }

  async #currentOwners(): Promise<ToolOwner[]> {
    const { only } = this.#options;
    this.#config = await configuration(this.#ctx);
    this.tellConfiguration();
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
    this.#prefixes = ownerPrefixes([...names]);
    for (const name of this.#owners.keys()) if (!names.has(name)) this.#owners.delete(name);
    return owners;
  }

  #entry(owner: ToolOwner): OwnerTools {
    const entry = this.#owners.get(owner.name) ?? new OwnerTools(owner, () => this.changed());
    this.#owners.set(owner.name, entry);
    return entry;
  }

  /**
   * The list as its owners say it without making their tools; `null` where one of them does not. It waits as a list
   * does.
   */
  async listState(): Promise<ListState | null> {
    lookAnew(this.#ctx);
    const owners = await this.#currentOwners();
    const states = await Promise.all(
      owners.map((owner) => this.#entry(owner).state(owner, this.#deadlineMs)),
    );
    return this.#listOf(states);
  }

  /** `states`: of the owners, in their order. */
  #listOf(states: readonly (string | null)[]): ListState | null {
    if (states.length === 0 || states.includes(null)) return null;
    const { only, readOnly, mode, choice } = this.#options;
    const owners = [...this.#owners.keys()];
    const list = JSON.stringify([owners, [...this.#prefixes], only, readOnly, mode, choice]);
    const settings = owners.map((owner) => toolSettings(this.#config!, owner));
    return { list, state: JSON.stringify([list, states, settings]) };
  }

  /** Tools that stand in the list: all of them, or the pinned ones where the others are to be searched for. */
  async listed(): Promise<Listed> {
    const tools = await this.refresh();
    const { mode = "auto" } = this.#options;
    const size = sizeOf([...tools.values()]);
    // Many clients ask for the list once: what is still being read can then be searched for.
    const isLoading = this.status().some(({ state }) => state === "loading");
    const isLarge = isLoading || size > LIST_BUDGET_BYTES;
    const isSearched = mode === "search" || mode === "auto" && isLarge;
    const state = this.#listOf([...this.#owners.values()].map(({ madeOf }) => madeOf));
    if (!isSearched) return { state, ...listedWith(isSearched, [...tools]) };
    const { choice = NO_CHOICE } = this.#options;
    const pinned = [...tools].filter(([name, tool]) =>
      isPinned(name, tool, choice) || isPinned(name, tool, this.#settingsOf(tool))
    );
    return { state, ...listedWith(isSearched, pinned) };
  }

  /** As `refresh`, and waits some time for what lists do not wait for. */
  async settled(): Promise<ReadonlyMap<string, OwnedTool>> {
    await this.refresh();
    const late = (await this.#currentOwners())
      .filter(({ name }) => this.#owners.get(name)?.status.state === "loading")
      .map((owner) => this.#entry(owner).settle(owner));
    if (late.length === 0) return this.#tools;
    const over = Promise.withResolvers<void>();
    const timer = setTimeout(over.resolve, SEARCH_DEADLINE_MS);
    await Promise.race([Promise.all(late), over.promise]);
    clearTimeout(timer);
    return this.#merge();
  }

  /** Of those that are offered, the ones that fit the question, best first. */
  async search(question: string): Promise<readonly Searched[]> {
    // With its index it is larger than the catalog, and many clients never search.
    const { ToolSearch } = await import("./tool_search.ts");
    const tools = await this.settled();
    this.#search ??= new ToolSearch([...tools].map(([name, owned]) => ({ name, ...owned })));
    return this.#search.search(question);
  }

  /** Made anew only when the tools of an owner or the configuration are others. */
  #merge(): ReadonlyMap<string, OwnedTool> {
    // One that has gone meanwhile may have been asked still.
    const owners = [...this.#owners.values()]
      .filter(({ status }) => this.#prefixes.has(status.owner));
    const settings = owners.map(({ status }) => toolSettings(this.#config!, status.owner));
    const parts = [
      JSON.stringify([settings, ...this.#prefixes]),
      ...owners.map(({ tools }) => tools),
    ];
    const isSame = parts.length === this.#parts.length &&
      parts.every((part, at) => part === this.#parts[at]);
    if (isSame) return this.#tools;
    this.#parts = parts;
    this.#search = null;
    const all = byMcpName(owners.flatMap(({ tools }) => tools), this.#prefixes);
    return this.#tools = new Map([...all].filter(([name, tool]) => this.#isOffered(name, tool)));
  }

  #isOffered(name: string, tool: OwnedTool): boolean {
    const { readOnly = false, choice = NO_CHOICE } = this.#options;
    return (tool.summary.safe || !readOnly) && isChosen(name, tool, choice) &&
      isChosen(name, tool, this.#settingsOf(tool));
  }

  #settingsOf({ owner }: OwnedTool): ToolSettings {
    return toolSettings(this.#config!, owner);
  }

  get #deadlineMs(): number {
    return this.#options.deadlineMs ?? OWNER_DEADLINE_MS;
  }

  /** What is not offered and why, one line each. */
  get troubles(): string[] {
    return this.status().flatMap(({ owner, state, problem, skipped }) => [
      ...(problem === null ? [] : [`skipped ${owner}: ${problem}`]),
      ...(state === "loading" ? [`${owner} is slow: its tools follow`] : []),
      ...skipped.map(({ name, reason }) => `skipped ${owner} ${name}: ${reason}`),
    ]);
  }
}

function sizeOf(tools: readonly OwnedTool[]): number {
  return tools.reduce((sum, tool) => sum + describedSize(tool), 0);
}

/** What tools answer is told as far as the budget of the list goes. */
function listedWith(isSearched: boolean, tools: Listed["tools"]): Omit<Listed, "state"> {
  const owned = tools.map(([, tool]) => tool);
  return { isSearched, tools, told: describedAnswers(owned, LIST_BUDGET_BYTES - sizeOf(owned)) };
}
