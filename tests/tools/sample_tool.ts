/** A tool that tests change in one place. */
import type { ToolDefinition } from "../../lib/tools/definition.ts";

export function sampleTool(parts: Partial<ToolDefinition> = {}): ToolDefinition {
  return {
    name: "get_note",
    description: "Get note. GET /notes/{note_id}.",
    method: "GET",
    origin: "https://api.example.com",
    path: "/notes/{note_id}",
    query: [],
    headers: [],
    body: null,
    parameters: {
      type: "object",
      properties: { note_id: { type: "integer" } },
      required: ["note_id"],
      additionalProperties: false,
    },
    requiresAuth: true,
    credentials: { query: [], body: [] },
    safe: true,
    answer: { status: 200, contentType: "application/json", schema: { type: "object" } },
    traces: ["t_0001"],
    ...parts,
  };
}

/** Parameters of these schemes, none required unless named. */
export function parametersOf(
  properties: Record<string, Record<string, unknown>>,
  required: readonly string[] = [],
): ToolDefinition["parameters"] {
  return {
    type: "object",
    properties,
    required,
    additionalProperties: false,
  } as ToolDefinition["parameters"];
}
