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
    description: describedCall(tool),
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

/** The request first: it says more than most descriptions, and the first words are what every client shows. */
function describedCall({ method, path, description }: OwnedTool): string {
  const request = `${method} ${path}`;
  const rest = description.replace(`${request}. `, "");
  return rest === "" || rest === request ? request : `${request}: ${rest}`;
}

/** Clients insist on `type: "object"` at the root. */
function objectSchema(schema: JsonSchema): Tool["inputSchema"] {
  return { ...(isRecord(schema) ? schema : {}), type: "object" } as Tool["inputSchema"];
}
