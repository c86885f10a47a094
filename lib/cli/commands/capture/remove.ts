/** `keysmith capture remove APP CAPTURE` */
import { captureToRemove, keptOf, removeCapture } from "../../../ops/remove_capture.ts";
import { agreeToRemove } from "../../agree_to_remove.ts";
import { defineCommand } from "../../command.ts";
import { countOf } from "../../words.ts";

export const command = defineCommand({
  filesOnly: true,
  operands: [["<app>", "the app"], ["<capture>", "the capture, such as c_01"]],
  options: [{ flags: "--yes", summary: "remove it without being asked" }],
  examples: ["keysmith capture remove shop c_01"],

  parse([app = "", capture = ""], flags) {
    return { app, capture, yes: flags.on("yes") };
  },

  async run({ ctx, output }, input) {
    const { app, capture, yes } = input;
    const { file, traces } = await captureToRemove(ctx, input);
    await agreeToRemove(ctx, {
      what: `capture ${capture} of "${app}"`,
      goes: [`${countOf(traces, "request")}, recorded in ${file}`],
      yes,
      command: `keysmith capture remove ${app} ${capture}`,
    });
    const left = await removeCapture(ctx, input);
    output.result({ app, capture, requests: traces }, () => output.line(`${capture} removed`));
    const rest = left === 0
      ? `no recording of "${app}" is left`
      : `keysmith auth analyze ${app} and keysmith tools analyze ${app} write script and tools from what is left`;
    output.note([...stayingWords(await keptOf(ctx, app)), rest].join("; "));
  },
});

function stayingWords({ script, tools }: Awaited<ReturnType<typeof keptOf>>): string[] {
  if (script) return [tools ? "script and tools stay" : "the script stays"];
  return tools ? ["the tools stay"] : [];
}
