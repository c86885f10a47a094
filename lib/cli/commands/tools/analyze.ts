/** `keysmith tools analyze APP` */
import type { Context } from "../../../base/context.ts";
import { analyzeTools } from "../../../ops/analyze_tools.ts";
import type { ImproveToolsOutput } from "../../../ops/improve_tools.ts";
import { defineCommand } from "../../command.ts";
import { modelOptions, parseModelMode, parseShowPrompts } from "../../model_flags.ts";
import { promptLines } from "../../prompt_lines.ts";
import { countOf } from "../../words.ts";

export const command = defineCommand({
  operands: [["<app>", "the app"]],
  options: [
    ...modelOptions("have the model improve names and descriptions, never requests"),
    { flags: "--show-prompts", summary: "print what the model would be sent, and send nothing" },
  ],
  examples: ["keysmith tools analyze shop", "keysmith tools analyze shop --llm"],
  stillSec: 600,

  parse([app = ""], flags) {
    return { app, mode: parseModelMode(flags), showPrompts: parseShowPrompts(flags) };
  },

  async run({ ctx, output }, input) {
    const message = "deriving tools from the recordings";
    const derived = await output.progress(message, () => analyzeTools(ctx, input));
    if (input.showPrompts) {
      const { namingPromptsFor } = await import("../../../ops/improve_tools.ts");
      const prompts = await namingPromptsFor(ctx, input);
      return output.result(prompts, () => {
        for (const line of promptLines(prompts)) output.line(line);
      });
    }
    const { improved, refused } = input.mode === "always"
      ? await improve(ctx, input.app)
      : { improved: [], refused: [] };
    const analysis = { ...derived, improved, refused };
    output.result(analysis, () => {
      const { tools, added, changed, removed, kept } = analysis;
      output.line(`${countOf(tools.length, "tool")} of ${input.app}`);
      for (const [what, names] of Object.entries({ added, changed, removed, kept })) {
        if (names.length > 0) output.line(`${what}: ${names.join(", ")}`);
      }
      for (const { from, name, description } of improved) {
        output.line(`${from === name ? name : `${from} is now ${name}`}: ${description}`);
      }
      for (const reason of refused) output.note(`not taken: ${reason}`);
    });
  },
});

async function improve(ctx: Context, app: string): Promise<ImproveToolsOutput> {
  const { improveTools } = await import("../../../ops/improve_tools.ts");
  return await improveTools(ctx, { app });
}
