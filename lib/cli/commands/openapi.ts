/** `keysmith openapi APP` */
import { exportOpenApi } from "../../ops/export_openapi.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  operands: [["<app>", "the app"]],
  options: [],
  examples: ["keysmith openapi shop > shop.openapi.json"],

  parse([app = ""]) {
    return { app };
  },

  async run({ ctx, output }, input) {
    const { document, left } = await exportOpenApi(ctx, input);
    output.document(document);
    if (left.length > 0) output.note(`left out, OpenAPI has no place for them: ${left.join(", ")}`);
  },
});
