/** What `search_tools` and `describe_tool` answer. */
import type { CallToolResult, Tool } from "@modelcontextprotocol/server";
import type { Context } from "../base/context.ts";
import { isRecord } from "../base/json.ts";
import { redactJson } from "../base/redact_json.ts";
import type { ToolCatalog } from "./tool_catalog.ts";
import { describedCall, describeForClient } from "./tool_description.ts";
import { isChosen } from "./tool_filter.ts";
import type { Searched } from "./tool_search.ts";

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 50;
/** Of a description in a search result, in UTF-16 units. */
const MAX_LINE_LENGTH = 200;

type Arguments = Readonly<Record<string, unknown>>;

/** Some tools, best first; without a question those that fit the filters, by name. */
export async function searchResult(
  ctx: Context,
  catalog: ToolCatalog,
  args: Arguments = {},
): Promise<CallToolResult> {
  const question = textAt(args, "query");
  const found = question === ""
    ? [...await catalog.settled()].map(([name, owned]) => ({ name, ...owned })).toSorted(byName)
    : await catalog.search(question);
  const fitting = found.filter((tool) => fits(tool, args));
  const offset = numberAt(args, "offset", 0, Number.MAX_SAFE_INTEGER);
  const limit = numberAt(args, "limit", DEFAULT_LIMIT, MAX_LIMIT);
  const shown = fitting.slice(offset, offset + limit);
  const end = offset + shown.length;
  return structured(ctx, {
    tools: shown.map(lineOf),
    total: fitting.length,
    ...(end < fitting.length ? { nextOffset: end } : {}),
  });
}

export async function describeResult(
  ctx: Context,
  catalog: ToolCatalog,
  args: Arguments = {},
): Promise<CallToolResult> {
  const name = textAt(args, "name");
  const tool = await catalog.find(name);
  if (tool === undefined) return await unknownName(catalog, name);
  return structured(ctx, describeForClient(name, tool, true) as Tool & Record<string, unknown>);
}

/** Names what may have been meant. */
export async function unknownName(catalog: ToolCatalog, name: string): Promise<CallToolResult> {
  const near = (await catalog.search(name.replaceAll("_", " "))).slice(0, 5)
    .map((tool) => tool.name);
  const hint = near.length === 0 ? "search_tools finds the names" : `Near: ${near.join(", ")}`;
  const text = `No tool is named ${JSON.stringify(name.slice(0, 200))}\nhint: ${hint}`;
  return { content: [{ type: "text", text }], isError: true };
}

function lineOf({ name, owner, summary }: Searched) {
  const text = describedCall(summary).split("\n")[0]!;
  return {
    name,
    owner,
    description: text.length > MAX_LINE_LENGTH ? `${text.slice(0, MAX_LINE_LENGTH)}…` : text,
    arguments: summary.words,
    changes: !summary.safe,
  };
}

function fits(tool: Searched, args: Arguments): boolean {
  const owner = textAt(args, "owner");
  const [tags, methods, paths, match] = ["tag", "method", "path", "pattern"].map((key) =>
    [textAt(args, key)].filter((text) => text !== "")
  );
  return (owner === "" || owner === tool.owner) &&
    isChosen(tool.name, tool, {
      tags: tags!,
      methods: methods!,
      paths: paths!,
      match: match!,
      pin: [],
    });
}

function byName(one: Searched, other: Searched): number {
  return one.name < other.name ? -1 : 1;
}

function textAt(args: Arguments, key: string): string {
  const value = args[key];
  return typeof value === "string" ? value : "";
}

/** Clients send whole numbers as texts too. */
function numberAt(args: Arguments, key: string, fallback: number, most: number): number {
  const value = Number(args[key] ?? fallback);
  return Number.isSafeInteger(value) && value >= 0 ? Math.min(value, most) : fallback;
}

function structured(ctx: Context, value: Record<string, unknown>): CallToolResult {
  const shown = redactJson(value, ctx.redactor);
  return {
    content: [{ type: "text", text: JSON.stringify(shown) }],
    ...(isRecord(shown) ? { structuredContent: shown } : {}),
  };
}
