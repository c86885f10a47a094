/** `keysmith openapi APP` */
import { exportOpenApi } from "../../ops/export_openapi.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  operands: [["<app>", "the app"]],
  options: [
    {
      flags: "--spec <version>",
      summary: "3.1 or 3.2; else the oldest that has a place for every tool",
    },
  ],
  examples: ["keysmith openapi shop > shop.openapi.json"],
  stillSec: 120,

  parse([app = ""], flags) {
    const version = flags.choice("spec", ["3.1", "3.2"]);
    return { app, ...(version === undefined ? {} : { version }) };
  },

  async run({ ctx, output }, input) {
    const { document, left, tools } = await exportOpenApi(ctx, input);
    output.document(document);
    if (tools === 0) {
      output.note(`"${input.app}" has no tools, so the document describes nothing`);
    }
    if (left.length > 0) {
      output.note(`left out, OpenAPI 3.1 has no place for them: ${left.join(", ")}`);
    }
  },
});
