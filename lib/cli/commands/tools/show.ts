/** `keysmith tools show APP|SERVICE TOOL` */
import { isRecord, type JsonSchema } from "../../../base/json.ts";
import { showTool } from "../../../ops/show_tool.ts";
import { defineCommand } from "../../command.ts";
import { furtherWords } from "../../tool_words.ts";
import { ENVIRONMENT_OPTIONS } from "../../environment_flags.ts";

export const command = defineCommand({
  operands: [
    ["<owner>", "an app or a service"],
    ["<tool>", "the tool"],
  ],
  options: [...ENVIRONMENT_OPTIONS],
  examples: ["keysmith tools show shop list_orders"],
  stillSec: 120,

  parse([owner = "", tool = ""]) {
    return { owner, tool };
  },

  async run({ ctx, output }, input) {
    const shown = await showTool(ctx, input);
    output.result(shown, () => {
      const { name, method, url, requiresAuth, parameters } = shown.summary;
      const words = furtherWords(shown.summary);
      output.line(name, output.style.bold);
      if (words !== "") output.line(words);
      output.line();
      output.line(`request  ${method} ${url}`);
      output.line(`login    ${requiresAuth ? "needed" : "not needed"}`);
      const rows = argumentRows(parameters);
      if (rows.length === 0) return;
      output.line();
      output.grid(["ARGUMENT", "TYPE", "", "DESCRIPTION"], rows);
    });
  },
});

/**
 * One row per argument: name, type, whether it is required, description. The members of a body may be given by
 * themselves and follow it, indented.
 */
function argumentRows(parameters: JsonSchema): string[][] {
  return rowsOf(parameters, "").flatMap(([row, schema]) =>
    row[0] === "body" ? [row, ...rowsOf(schema, "  ").map(([member]) => member)] : [row]
  );
}

function rowsOf(schema: unknown, indent: string): [row: string[], schema: unknown][] {
  if (!isRecord(schema) || !isRecord(schema.properties)) return [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties).map(([name, inner]) => [[
    indent + name,
    typeOf(inner),
    required.includes(name) ? "required" : "",
    isRecord(inner) && typeof inner.description === "string" ? inner.description : "",
  ], inner]);
}

function typeOf(schema: unknown): string {
  if (!isRecord(schema)) return "any";
  if (Array.isArray(schema.enum)) {
    return schema.enum.map((value) => JSON.stringify(value)).join("|");
  }
  if (Array.isArray(schema.type)) return schema.type.join("|");
  return typeof schema.type === "string" ? schema.type : "any";
}
