/** `keysmith tools [APP|SERVICE]` */
import { listTools, type OwnedTools } from "../../../ops/list_tools.ts";
import { defineCommand } from "../../command.ts";
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
        output.note("there is no app or service yet: keysmith capture import APP FILE");
        return;
      }
      output.table(["OWNER", "TOOL", "REQUEST", "DESCRIPTION"], lists.flatMap(rowsOf));
      for (const { owner, skipped } of lists) {
        for (const { name, reason } of skipped) {
          output.note(`${owner} ${name} is skipped: ${reason}`);
        }
      }
    });
  },
});

function rowsOf({ owner, tools }: OwnedTools): string[][] {
  return tools.map(({ name, method, url, description }) => [
    owner,
    name,
    `${method} ${url}`,
    description.split("\n")[0] ?? "",
  ]);
}
