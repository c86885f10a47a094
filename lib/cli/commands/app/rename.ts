/** `keysmith app rename APP NAME` */
import { renameApp } from "../../../ops/rename_app.ts";
import { defineCommand } from "../../command.ts";

export const command = defineCommand({
  operands: [["<app>", "the app"], ["<name>", "its new name"]],
  options: [],
  examples: ["keysmith app rename shop old-shop"],

  parse([from = "", to = ""]) {
    return { from, to };
  },

  async run({ ctx, output }, input) {
    const renamed = await renameApp(ctx, input);
    output.result(renamed, () => output.line(`${renamed.from} is now ${renamed.to}`));
    for (const entry of renamed.leftInConfig) {
      output.note(`the configuration still says ${entry}: rename it there, too`);
    }
  },
});
