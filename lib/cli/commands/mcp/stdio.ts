/** `keysmith mcp stdio` */
import { serveMcp } from "../../../mcp/serve.ts";
import { defineCommand } from "../../command.ts";

export const command = defineCommand({
  operands: [["[owner...]", "serve the tools of these apps and services only"]],
  options: [],
  examples: ["keysmith mcp stdio", "keysmith mcp stdio shop"],

  parse(only) {
    return only.length === 0 ? {} : { only };
  },

  async run({ ctx }, input) {
    await serveMcp(ctx, input);
  },
});
