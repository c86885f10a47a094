/** `keysmith mcp stdio` */
import { serveMcp } from "../../../mcp/serve.ts";
import { defineCommand } from "../../command.ts";
import { readServing, SERVING_OPTIONS } from "../../serving_flags.ts";

export const command = defineCommand({
  operands: [["[owner...]", "serve the tools of these apps and services only"]],
  options: SERVING_OPTIONS,
  examples: [
    "keysmith mcp stdio",
    "keysmith mcp stdio shop --read-only",
    "keysmith mcp stdio --app shop@bob",
    "keysmith mcp stdio --app shop:staging",
    "keysmith mcp stdio github --tag issues pulls --pin '*get_issue'",
  ],
  stillSec: 60,
  watchesItself: true,

  parse(operands, flags) {
    return readServing({ operands, flags });
  },

  async run({ ctx, output }, input) {
    if (ctx.term.interactive) {
      output.note(
        "waiting for an MCP client on stdin, which starts this by itself: keysmith mcp install registers it; Ctrl-C ends it",
      );
    }
    await serveMcp(ctx, input);
  },
});
