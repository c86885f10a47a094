/** `keysmith mcp install` */
import { type ClientResult, installMcp } from "../../../ops/install_mcp.ts";
import { defineCommand } from "../../command.ts";
import { readServing, SERVING_OPTIONS, servingWords } from "../../serving_flags.ts";

export const command = defineCommand({
  operands: [["[owner...]", "offer the tools of these apps and services only"]],
  options: [
    {
      flags: "--client <name...>",
      summary: "claude-desktop, claude-code, cursor, vscode, codex, gemini, windsurf, zed; " +
        "else every one that is found here",
    },
    { flags: "--print", summary: "write nothing; print the entry for any other client" },
    { flags: "--dry-run", summary: "write nothing; print what would change" },
    { flags: "--remove", summary: "take the server out again" },
    ...SERVING_OPTIONS,
  ],
  examples: [
    "keysmith mcp install",
    "keysmith mcp install shop --client cursor --dry-run",
    "keysmith mcp install github --tag issues --read-only --tools all",
    "keysmith mcp install --remove",
  ],

  parse(operands, flags) {
    const served = readServing({ operands, flags });
    return {
      serving: servingWords(served),
      owners: served.only ?? [],
      clients: flags.list("client"),
      print: flags.on("print"),
      dryRun: flags.on("dryRun"),
      remove: flags.on("remove"),
    };
  },

  async run({ ctx, output }, { print, ...input }) {
    const installed = await installMcp(ctx, { ...input, dryRun: input.dryRun || print });
    output.result(installed, () => {
      for (const note of installed.notes) output.note(note);
      if (print) return output.line(JSON.stringify(installed.snippet, null, 2));
      for (const result of installed.clients) {
        for (const line of linesOf(result, input.dryRun)) output.note(line);
      }
      if (installed.clients.length > 0 && !input.dryRun) return;
      output.note(
        installed.clients.length === 0
          ? "no client is known here; give yours this:"
          : "for any other client:",
      );
      output.line(JSON.stringify(installed.snippet, null, 2));
    });
  },
});

function linesOf(result: ClientResult, dryRun: boolean): string[] {
  const { name, file, status, before, after, backup, written } = result;
  if (status === "unchanged") return [`${name}: nothing to change in ${file}`];
  const did = dryRun ? `would be ${status}` : status;
  return [
    `${name}: ${did} in ${file}`,
    ...(before === undefined ? [] : [`  - ${JSON.stringify(before)}`]),
    ...(after === undefined ? [] : [`  + ${JSON.stringify(after)}`]),
    ...written.map((variable) =>
      `  ${name} hands on no variables: the value of ${variable} ${
        dryRun ? "would stand" : "stands"
      } in the file`
    ),
    ...(backup === null ? [] : [`  the file as it was: ${backup}`]),
    ...(dryRun ? [] : [`  restart ${name} to see it`]),
  ];
}
