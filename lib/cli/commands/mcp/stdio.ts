/** `keysmith mcp stdio` */
import { serveMcp } from "../../../mcp/serve.ts";
import { defineCommand } from "../../command.ts";
import { ENVIRONMENT_OPTIONS } from "../../environment_flags.ts";

export const command = defineCommand({
  operands: [["[owner...]", "serve the tools of these apps and services only"]],
  options: [
    {
      flags: "--app <app...>",
      summary: "the same by option: an app, APP@ACCOUNT or APP:ENVIRONMENT",
    },
    ...ENVIRONMENT_OPTIONS,
    { flags: "--read-only", summary: "offer only tools that change nothing" },
    {
      flags: "--confirm-writes",
      summary: "have the client ask its user before each call that may change something",
    },
    { flags: "--timeout <seconds>", summary: "give up a call after this time (30)" },
  ],
  examples: [
    "keysmith mcp stdio",
    "keysmith mcp stdio shop --read-only",
    "keysmith mcp stdio --app shop@bob",
    "keysmith mcp stdio --app shop:staging",
  ],

  parse(operands, flags) {
    const timeoutS = flags.number("timeout", { min: 0.1, max: 3_600 });
    return {
      only: [...operands, ...flags.list("app")],
      readOnly: flags.on("readOnly"),
      confirmWrites: flags.on("confirmWrites"),
      ...(timeoutS === undefined ? {} : { timeoutMs: timeoutS * 1_000 }),
    };
  },

  async run({ ctx }, input) {
    await serveMcp(ctx, input);
  },
});
