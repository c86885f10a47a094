/** What a call answered, for the shell and for MCP. */
import { htmlPageLinks, pageLinks } from "../http/link_header.ts";
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
      const { headers, url, mediaType, text } = response;
      const own = pageLinks(headers, url);
      const isHtml = mediaType === "text/html" || mediaType === "application/xhtml+xml";
      return isHtml && text !== null ? [...own, ...htmlPageLinks(text, url)] : own;
    },
    error: upstreamError(response, loginCommand),
  };
}
