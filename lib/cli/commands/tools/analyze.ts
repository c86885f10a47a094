/** `keysmith tools analyze APP` */
import { analyzeTools } from "../../../ops/analyze_tools.ts";
import { defineCommand } from "../../command.ts";
import { countOf } from "../../words.ts";

export const command = defineCommand({
  operands: [["<app>", "the app"]],
  options: [],
  examples: ["keysmith tools analyze shop"],

  parse([app = ""]) {
    return { app };
  },

  async run({ ctx, output }, input) {
    const message = "deriving tools from the recordings";
    const analysis = await output.progress(message, () => analyzeTools(ctx, input));
    output.result(analysis, () => {
      const { tools, added, changed, removed, kept } = analysis;
      output.line(`${countOf(tools.length, "tool")} of ${input.app}`);
      for (const [what, names] of Object.entries({ added, changed, removed, kept })) {
        if (names.length > 0) output.line(`${what}: ${names.join(", ")}`);
      }
    });
  },
});
