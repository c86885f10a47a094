/** What `tools/list` answers, page by page. */
import type { ListToolsResult, Tool } from "@modelcontextprotocol/server";
import { pageOf } from "./list_pages.ts";
import { LOGIN_TOOL } from "./login_request.ts";
import { outputSize } from "./output_schema.ts";
import { callToolTool, DESCRIBE_TOOL, SEARCH_TOOL } from "./own_tools.ts";
import { withJson } from "./ready_json.ts";
import { INVALID_PARAMS, RequestError } from "./request_error.ts";
import { STATUS_TOOL } from "./status_tool.ts";
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
  readonly readOnly: boolean;
}

/** @throws {RequestError} for a cursor that is none of this list. */
export async function listPage(
  { catalog, readOnly }: ListParts,
  cursor: string | undefined,
): Promise<ListToolsResult> {
  const listed = await catalog.listed();
  const finders = listed.isSearched ? [SEARCH_TOOL, DESCRIBE_TOOL, callToolTool(readOnly)] : [];
  const own = [LOGIN_TOOL, STATUS_TOOL, ...finders].map(ownEntry);
  const page = pageOf([...own, ...ownersEntries(listed)], cursor);
  if (page === null) throw new RequestError(INVALID_PARAMS, "The cursor is none of this list");
  return pageResult(page.entries, page.nextCursor);
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
): ListToolsResult {
  const result = {
    get tools() {
      return entries.map(({ describe }) => describe());
    },
    ...(nextCursor === undefined ? {} : { nextCursor }),
  };
  const tools = `"tools":[${entries.map(({ json }) => json()).join(",")}]`;
  const next = nextCursor === undefined ? "" : `,"nextCursor":${JSON.stringify(nextCursor)}`;
  return withJson(result, `{${tools}${next}}`);
}
