/** `keysmith tools [APP|SERVICE]` */
import { listTools, type OwnedTools } from "../../../ops/list_tools.ts";
import { defineCommand } from "../../command.ts";
import { furtherWords } from "../../tool_words.ts";
import { ENVIRONMENT_OPTIONS } from "../../environment_flags.ts";

export const command = defineCommand({
  operands: [["[owner]", "an app or a service; else all of them"]],
  options: [...ENVIRONMENT_OPTIONS],
  examples: ["keysmith tools shop", "keysmith tools list shop --json"],
  stillSec: 120,

  parse([owner]) {
    return owner === undefined ? {} : { owner };
  },

  async run({ ctx, output }, input) {
    const lists = await listTools(ctx, input);
    output.result(input.owner === undefined ? { owners: lists } : lists[0], () => {
      if (lists.length === 0) {
        output.note(
          "there is no app or service yet: keysmith learn APP URL, or keysmith capture import APP FILE",
        );
        return;
      }
      output.table(["OWNER", "TOOL", "REQUEST", "DESCRIPTION"], lists.flatMap(rowsOf));
      for (const { owner, kind, tools, skipped } of lists) {
        if (tools.length + skipped.length === 0) {
          output.note(
            kind === "app"
              ? `${owner} has no tools: none comes of what was recorded; keysmith learn ${owner} URL records more`
              : `${owner} has no tools: its document has no operations`,
          );
        }
        for (const { name, reason } of skipped) {
          output.note(`${name === "*" ? owner : `${owner} ${name}`} is skipped: ${reason}`);
        }
      }
    });
  },
});

function rowsOf({ owner, tools }: OwnedTools): string[][] {
  return tools.map((tool) => [
    owner,
    tool.name,
    `${tool.method} ${tool.url}`,
    furtherWords(tool).split("\n")[0] ?? "",
  ]);
}
