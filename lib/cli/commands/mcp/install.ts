/** `keysmith mcp install` */
import { installMcp, type InstallMcpOutput } from "../../../ops/install_mcp.ts";
import { defineCommand } from "../../command.ts";

export const command = defineCommand({
  operands: [["[owner...]", "offer the tools of these apps and services only"]],
  options: [{ flags: "--dry-run", summary: "only print what would be written" }],
  examples: ["keysmith mcp install", "keysmith mcp install shop --dry-run"],

  parse(only, flags) {
    return { only, dryRun: flags.on("dryRun") };
  },

  async run({ ctx, output }, input) {
    const installed = await installMcp(ctx, input);
    output.result(installed, () => {
      output.note(STATUS_WORDS[installed.status].replace("FILE", installed.file ?? ""));
      output.line(JSON.stringify(installed.snippet, null, 2));
    });
  },
});

const STATUS_WORDS: Readonly<Record<InstallMcpOutput["status"], string>> = {
  "added": "added to FILE; restart the client to see it",
  "updated": "updated in FILE; restart the client to see it",
  "unchanged": "FILE has it already",
  "not-installed": "no client is known here; give yours this:",
  "dry-run": "would go to FILE:",
};
