/** A tool as `tools/list` shows it. */
import type { Tool } from "@modelcontextprotocol/server";
import { isRecord, type JsonSchema } from "../base/json.ts";
import type { ToolSummary } from "../ops/tool_owner.ts";

export interface OwnedTool extends ToolSummary {
  readonly owner: string;
}

export function describeForClient(name: string, tool: OwnedTool): Tool {
  return {
    name,
    title: `${tool.owner}: ${tool.name.replaceAll("_", " ")}`,
    description: tool.description,
    inputSchema: objectSchema(tool.parameters),
    annotations: {
      readOnlyHint: tool.safe,
      // The hint is about calls that change something; what only adds destroys nothing.
      destructiveHint: !tool.safe && !tool.additive,
      idempotentHint: tool.idempotent,
      openWorldHint: true,
    },
  };
}

/** Clients insist on `type: "object"` at the root. */
function objectSchema(schema: JsonSchema): Tool["inputSchema"] {
  return { ...(isRecord(schema) ? schema : {}), type: "object" } as Tool["inputSchema"];
}
