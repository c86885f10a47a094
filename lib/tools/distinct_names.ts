/** A path that names one argument twice, for readers that take each name once (OpenAPI, "Path Templating"). */
import type { JsonObject } from "../base/json.ts";
import { isRecord } from "../base/json.ts";
import { pathParameters, withPathNames } from "./build_request.ts";
import type { ToolDefinition } from "./definition.ts";

/** The tool with another argument, described as the same, for each repeated one. */
export function withDistinctNames(tool: ToolDefinition): ToolDefinition {
  const names = pathParameters(tool.path);
  if (new Set(names).size === names.length || !isRecord(tool.parameters)) return tool;
  const parameters = tool.parameters as JsonObject;
  const properties: Record<string, unknown> = {
    ...(isRecord(parameters["properties"]) ? parameters["properties"] : {}),
  };
  const seen = new Map<string, number>();
  const path = withPathNames(tool.path, (name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    if (times === 1) return name;
    const other = `${name}_${times}`;
    const known = properties[name];
    properties[other] = { ...(isRecord(known) ? known : {}), description: `The same as ${name}` };
    return other;
  });
  return {
    ...tool,
    path,
    parameters: { ...parameters, properties } as ToolDefinition["parameters"],
  };
}
