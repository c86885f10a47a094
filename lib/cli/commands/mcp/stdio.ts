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
    {
      flags: "--tools <mode>",
      summary: "all: list every tool; search: list search_tools, describe_tool and call_tool " +
        "instead; auto: that where the list would take more than 64 KiB (auto)",
    },
    {
      flags: "--pin <pattern...>",
      summary: "list these in any case: names, * stands for any text",
    },
    { flags: "--tag <tag...>", summary: "offer only tools of these groups of the document" },
    { flags: "--method <method...>", summary: "offer only tools of these HTTP methods" },
    { flags: "--path <path...>", summary: "offer only tools at or below these paths" },
    {
      flags: "--match <pattern...>",
      summary: 'offer only these names, or requests: "GET /pets/*"',
    },
    { flags: "--timeout <seconds>", summary: "give up a call after this time (30)" },
  ],
  examples: [
    "keysmith mcp stdio",
    "keysmith mcp stdio shop --read-only",
    "keysmith mcp stdio --app shop@bob",
    "keysmith mcp stdio --app shop:staging",
    "keysmith mcp stdio github --tag issues pulls --pin '*get_issue'",
  ],
  stillSec: 60,

  parse(operands, flags) {
    const timeoutS = flags.number("timeout", { min: 0.1, max: 3_600 });
    return {
      only: [...operands, ...flags.list("app")],
      readOnly: flags.on("readOnly"),
      confirmWrites: flags.on("confirmWrites"),
      mode: flags.choice("tools", ["all", "search", "auto"]) ?? "auto",
      choice: {
        tags: flags.list("tag"),
        methods: flags.list("method").map((method) => method.toUpperCase()),
        paths: flags.list("path"),
        match: flags.list("match"),
        pin: flags.list("pin"),
      },
      ...(timeoutS === undefined ? {} : { timeoutMs: timeoutS * 1_000 }),
    };
  },

  async run({ ctx }, input) {
    await serveMcp(ctx, input);
  },
});
