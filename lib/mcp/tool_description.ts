/** A tool as `tools/list` shows it. */
import type { Tool } from "@modelcontextprotocol/server";
import { isRecord, type JsonSchema } from "../base/json.ts";
import type { ToolSummary } from "../ops/tool_owner.ts";

export interface OwnedTool {
  readonly owner: string;
  readonly summary: ToolSummary;
}

/** Of what stands around description and arguments, in bytes. */
const FRAME_BYTES = 300;

export function describeForClient(name: string, { owner, summary }: OwnedTool): Tool {
  return {
    name,
    title: `${owner}: ${summary.name.replaceAll("_", " ")}`,
    description: describedCall(summary),
    inputSchema: objectSchema(summary.parameters),
    annotations: {
      readOnlyHint: summary.safe,
      // The hint is about calls that change something; what only adds destroys nothing.
      destructiveHint: !summary.safe && !summary.additive,
      idempotentHint: summary.idempotent,
      openWorldHint: true,
    },
  };
}

/** About, in bytes of JSON: the arguments are not looked at. */
export function describedSize({ summary }: OwnedTool): number {
  return summary.size + summary.description.length + FRAME_BYTES;
}

/** The request first: it says more than most descriptions, and the first words are what every client shows. */
export function describedCall({ method, path, description }: ToolSummary): string {
  const request = `${method} ${path}`;
  const rest = description.replace(`${request}. `, "");
  return rest === "" || rest === request ? request : `${request}: ${rest}`;
}

/** Clients insist on `type: "object"` at the root. */
function objectSchema(schema: JsonSchema): Tool["inputSchema"] {
  return { ...(isRecord(schema) ? schema : {}), type: "object" } as Tool["inputSchema"];
}
