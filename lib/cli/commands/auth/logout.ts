/** `keysmith auth logout APP` */
import { logout } from "../../../ops/logout.ts";
import { defineCommand } from "../../command.ts";

export const command = defineCommand({
  operands: [["<app>", "the app"]],
  options: [],
  examples: ["keysmith auth logout shop"],

  parse([app = ""]) {
    return { app };
  },

  async run({ ctx, output }, input) {
    const result = await logout(ctx, input);
    output.result(
      result,
      () => output.line(result.removed ? "token removed" : "there was no token"),
    );
  },
});
