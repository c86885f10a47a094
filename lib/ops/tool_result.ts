/** What a call answered, for the shell and for MCP. */
import { pageLinks } from "../http/link_header.ts";
import type { ToolResponse } from "../tools/response.ts";
import { upstreamError } from "../tools/upstream_error.ts";
import type { ToolResult } from "./tool_owner.ts";

/** An answer as the shell and MCP show it. `loginCommand` is the hint of a 401. */
export function toolResult(response: ToolResponse, loginCommand: string): ToolResult {
  return {
    status: response.status,
    get url() {
      return response.url;
    },
    headers: response.headers,
    mediaType: response.mediaType,
    body: response.body,
    text: response.text,
    json: response.content.kind === "json" ? response.content.value : undefined,
    cut: response.cut,
    get pages() {
      return pageLinks(response.headers, response.url);
    },
    error: upstreamError(response, loginCommand),
  };
}
