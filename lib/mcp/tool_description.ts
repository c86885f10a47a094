/** A tool as `tools/list` shows it. */
import type { Tool } from "@modelcontextprotocol/server";
import { isRecord, type JsonSchema } from "../base/json.ts";
import type { ToolSummary } from "../ops/tool_owner.ts";
import { outputOf, outputSize } from "./output_schema.ts";

export interface OwnedTool {
  readonly owner: string;
  readonly summary: ToolSummary;
}

/** Of what stands around description and arguments, in bytes. */
const FRAME_BYTES = 300;

/** `withOutput`: says what the tool answers, too, where that is known. */
export function describeForClient(name: string, tool: OwnedTool, withOutput: boolean): Tool {
  return {
    ...describedFrame(name, tool, withOutput),
    inputSchema: objectSchema(tool.summary.parameters),
  };
}

/** The same as JSON. */
export function describedJson(name: string, tool: OwnedTool, withOutput: boolean): string {
  const parameters = tool.summary.parametersJson;
  if (parameters === undefined || !parameters.startsWith('{"type":"object"')) {
    return JSON.stringify(describeForClient(name, tool, withOutput));
  }
  const frame = JSON.stringify(describedFrame(name, tool, withOutput));
  return `${frame.slice(0, -1)},"inputSchema":${parameters}}`;
}

function describedFrame(
  name: string,
  { owner, summary }: OwnedTool,
  withOutput: boolean,
): Omit<Tool, "inputSchema"> {
  const output = withOutput ? outputOf(summary) : null;
  return {
    name,
    title: `${owner}: ${summary.name.replaceAll("_", " ")}`,
    description: describedCall(summary),
    ...(output === null ? {} : { outputSchema: output.schema }),
    annotations: {
      readOnlyHint: summary.safe,
      // The hint is about calls that change something; what only adds destroys nothing.
      destructiveHint: !summary.safe && !summary.additive,
      idempotentHint: summary.idempotent,
      openWorldHint: true,
    },
  };
}

/**
 * Of tools that are listed together, those whose answers are described there: the smallest schemas first, as far
 * as `room` goes, in bytes.
 */
export function describedAnswers(tools: readonly OwnedTool[], room: number): Set<OwnedTool> {
  const chosen = new Set<OwnedTool>();
  let left = room;
  const known = tools.filter(({ summary }) => summary.answersSize > 0)
    .toSorted((one, other) => one.summary.answersSize - other.summary.answersSize);
  for (const tool of known) {
    left -= outputSize(tool.summary);
    if (left < 0) break;
    chosen.add(tool);
  }
  return chosen;
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
