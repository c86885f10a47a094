/** `keysmith mcp stdio` */
import { serveMcp } from "../../../mcp/serve.ts";
import { defineCommand } from "../../command.ts";

export const command = defineCommand({
  operands: [["[owner...]", "serve the tools of these apps and services only"]],
  options: [
    {
      flags: "--app <app...>",
      summary: "the same by option: an app, or APP@ACCOUNT for one account",
    },
  ],
  examples: ["keysmith mcp stdio", "keysmith mcp stdio shop", "keysmith mcp stdio --app shop@bob"],

  parse(operands, flags) {
    const only = [...operands, ...flags.list("app")];
    return only.length === 0 ? {} : { only };
  },

  async run({ ctx }, input) {
    await serveMcp(ctx, input);
  },
});
