/** `keysmith mcp install` */
import type { AppError } from "../../../base/error.ts";
import { type ClientResult, installMcp, type InstallMcpOutput } from "../../../ops/install_mcp.ts";
import { withDetails } from "../../call_result.ts";
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
    const installed = await installMcp(ctx, { ...input, snippetOnly: print });
    const [failure] = installed.failures;
    if (failure !== undefined && output.json) {
      throw withDetails(failure.error, documentOf(installed));
    }
    output.result(documentOf(installed), () => {
      for (const note of installed.notes) output.note(note);
      if (print) return output.line(JSON.stringify(installed.snippet, null, 2));
      for (const result of installed.clients) {
        for (const line of linesOf(result, input.dryRun)) output.note(line);
      }
      const isNone = installed.clients.length + installed.failures.length === 0;
      if (!isNone && !input.dryRun) return;
      output.note(
        isNone ? "no client is known here; give yours this:" : "for any other client:",
      );
      output.line(JSON.stringify(installed.snippet, null, 2));
    });
    for (const { error } of installed.failures.slice(1)) output.note(sentenceOf(error));
    if (failure !== undefined) throw failure.error;
  },
});

function sentenceOf({ message, hint }: AppError): string {
  return hint === undefined ? message : `${message}. ${hint}`;
}

/** What was done, in the form `--json` prints. */
function documentOf(installed: InstallMcpOutput) {
  const failures = installed.failures.map(({ client, name, error: { message } }) => ({
    client,
    name,
    message,
  }));
  return { ...installed, failures };
}

function linesOf(result: ClientResult, dryRun: boolean): string[] {
  const { name, file, status, before, after, backup, keptIn, written } = result;
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
    ...(backup === null ? [] : [`  the file as it was: ${backup}${holding(keptIn)}`]),
    ...(dryRun ? [] : [`  restart ${name} to see it`]),
  ];
}

/** A file that is kept beside the settings is forgotten easily. */
function holding(variables: readonly string[]): string {
  return variables.length === 0 ? "" : `, which holds the value of ${variables.join(", ")}`;
}
