/** `keysmith capture list [APP]` */
import { listCaptures } from "../../../ops/list_captures.ts";
import { defineCommand } from "../../command.ts";
import { NO_APP_YET } from "../../words.ts";
import { holdingWords } from "../../holding_words.ts";

export const command = defineCommand({
  filesOnly: true,
  operands: [["[app]", "only the captures of this app"]],
  options: [],
  examples: ["keysmith capture list", "keysmith capture list shop"],

  parse([app]) {
    return app === undefined ? {} : { app };
  },

  async run({ ctx, output }, input) {
    const listing = await listCaptures(ctx, input);
    output.result(listing, () => {
      if (listing.apps.length === 0) {
        output.note(NO_APP_YET);
      }
      const rows = listing.apps.flatMap(({ name, captures }) =>
        captures.map(({ id, traces, importedAt, creator, file, holds }) => [
          name,
          id,
          String(traces),
          importedAt,
          creator,
          file,
          holdingWords(holds),
        ])
      );
      if (rows.length > 0) {
        output.table(
          ["APP", "CAPTURE", "REQUESTS", "IMPORTED", "RECORDED BY", "FILE", "HOLDS"],
          rows,
        );
      }
    });
  },
});
