/** `keysmith capture show APP [CAPTURE]` */
import { showCapture } from "../../../ops/show_capture.ts";
import { defineCommand } from "../../command.ts";
import { countOf } from "../../words.ts";

export const command = defineCommand({
  filesOnly: true,
  operands: [
    ["<app>", "the app"],
    ["[capture]", "one capture of it; else all of them together"],
  ],
  options: [],
  examples: ["keysmith capture show shop", "keysmith capture show shop c_01"],
  stillSec: 120,

  parse([app = "", capture]) {
    return capture === undefined ? { app } : { app, capture };
  },

  async run({ ctx, output }, input) {
    const shown = await showCapture(ctx, input);
    output.result(shown, () => {
      for (const { id, file, creator, importedAt } of shown.captures) {
        output.line(`${id}  ${file}, recorded by ${creator}, imported ${importedAt}`);
      }
      if (shown.firstRequest !== null) {
        const requests = countOf(shown.traces, "request");
        output.line(`${requests} from ${shown.firstRequest} to ${shown.lastRequest}`);
      }
      output.line();
      output.grid(
        ["ORIGIN", "REQUESTS", "NOISE", "ABOUT AUTHENTICATION"],
        shown.origins.map(({ origin, traces, noise, marked }) => [
          origin,
          String(traces),
          String(noise),
          String(marked),
        ]),
      );
    });
  },
});
