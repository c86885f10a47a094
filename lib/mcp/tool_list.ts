/** What `tools/list` answers, page by page. */
import type { ListToolsResult, Tool } from "@modelcontextprotocol/server";
import type { KeptLists, KeptPage } from "../ops/kept_lists.ts";
import { pageOf } from "./list_pages.ts";
import { outputSize } from "./output_schema.ts";
import { callToolTool, DESCRIBE_TOOL, LOGIN_TOOL, SEARCH_TOOL, STATUS_TOOL } from "./own_tools.ts";
import { withJson } from "./ready_json.ts";
import { INVALID_PARAMS, RequestError } from "./request_error.ts";
import type { Listed, ToolCatalog } from "./tool_catalog.ts";
import { describedJson, describedSize, describeForClient } from "./tool_description.ts";

interface ListEntry {
  readonly name: string;
  /** About, in bytes of JSON. */
  readonly size: number;
  describe(): Tool;
  /** The same as JSON. */
  json(): string;
}

interface ListParts {
  readonly catalog: ToolCatalog;
  readonly lists: KeptLists;
  readonly readOnly: boolean;
}

/** @throws {RequestError} for a cursor that is none of this list. */
export async function listPage(
  { catalog, lists, readOnly }: ListParts,
  cursor: string | undefined,
): Promise<ListToolsResult> {
  const known = await catalog.listState();
  const kept = known === null ? null : await lists.page(known, cursor);
  if (kept !== null) {
    catalog.say(kept.said);
    return keptResult(kept);
  }
  const listed = await catalog.listed();
  const finders = listed.isSearched ? [SEARCH_TOOL, DESCRIBE_TOOL, callToolTool(readOnly)] : [];
  const own = [LOGIN_TOOL, STATUS_TOOL, ...finders].map(ownEntry);
  const page = pageOf([...own, ...ownersEntries(listed)], cursor);
  if (page === null) throw new RequestError(INVALID_PARAMS, "The cursor is none of this list");
  const { entries, nextCursor } = page;
  const { result, json } = pageResult(entries, nextCursor);
  if (listed.state !== null) {
    lists.keep(listed.state, cursor, { json, nextCursor, said: catalog.troubles });
  }
  return result;
}

/** The library alone looks into it. */
function keptResult({ json, nextCursor }: KeptPage): ListToolsResult {
  const result = {
    get tools() {
      return (JSON.parse(new TextDecoder().decode(json)) as ListToolsResult).tools;
    },
    ...(nextCursor === undefined ? {} : { nextCursor }),
  };
  return withJson(result, json);
}

function ownEntry(tool: Tool): ListEntry {
  const json = JSON.stringify(tool);
  return { name: tool.name, size: json.length, describe: () => tool, json: () => json };
}

function ownersEntries({ tools, told }: Listed): ListEntry[] {
  return tools.map(([name, tool]) => {
    const isTold = told.has(tool);
    return {
      name,
      size: describedSize(tool) + (isTold ? outputSize(tool.summary) : 0),
      describe: () => describeForClient(name, tool, isTold),
      json: () => describedJson(name, tool, isTold),
    };
  });
}

function pageResult(
  entries: readonly ListEntry[],
  nextCursor: string | undefined,
): { readonly result: ListToolsResult; readonly json: string } {
  const result = {
    get tools() {
      return entries.map(({ describe }) => describe());
    },
    ...(nextCursor === undefined ? {} : { nextCursor }),
  };
  const tools = `"tools":[${entries.map(({ json }) => json()).join(",")}]`;
  const next = nextCursor === undefined ? "" : `,"nextCursor":${JSON.stringify(nextCursor)}`;
  const json = `{${tools}${next}}`;
  return { result: withJson(result, json), json };
}
