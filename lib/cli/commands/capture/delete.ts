/** `keysmith capture delete APP CAPTURE` */
import { deleteCapture } from "../../../ops/delete_capture.ts";
import { defineCommand } from "../../command.ts";
import { countOf } from "../../words.ts";

export const command = defineCommand({
  operands: [["<app>", "the app"], ["<capture>", "the recording: capture list shows them"]],
  options: [],
  examples: ["keysmith capture delete shop c_01"],

  parse([app = "", capture = ""]) {
    return { app, capture };
  },

  async run({ ctx, output }, input) {
    const { deleted } = await deleteCapture(ctx, input);
    output.result({ app: input.app, deleted }, () => {
      output.line(
        `deleted ${deleted.id}: ${countOf(deleted.traces, "request")} of ${deleted.file}`,
      );
    });
  },
});
