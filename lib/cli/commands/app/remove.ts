/** `keysmith app remove APP|APP@ACCOUNT|APP:ENVIRONMENT` */
import { planRemoval, removeApp } from "../../../ops/remove_app.ts";
import { agreeToRemove } from "../../agree_to_remove.ts";
import { defineCommand } from "../../command.ts";

export const command = defineCommand({
  operands: [["<app>", "the app, or APP@ACCOUNT, APP:ENVIRONMENT for a part of it"]],
  options: [{ flags: "--yes", summary: "remove what is shown without being asked" }],
  examples: ["keysmith app remove shop", "keysmith app remove shop@bob --yes"],

  parse([name = ""], flags) {
    return { name, yes: flags.on("yes") };
  },

  async run({ ctx, output }, { name, yes }) {
    const { goes, leftInConfig } = await planRemoval(ctx, name);
    const command = `keysmith app remove ${name}`;
    await agreeToRemove(ctx, { what: `"${name}"`, goes, yes, command });
    await removeApp(ctx, name);
    output.result({ name, removed: goes }, () => output.line(`${name} removed`));
    for (const entry of leftInConfig) {
      output.note(`the configuration still says ${entry}: remove it there, too`);
    }
  },
});
