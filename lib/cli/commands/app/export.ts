/** `keysmith app export APP [FILE]` */
import { exportApp } from "../../../ops/export_app.ts";
import { defineCommand } from "../../command.ts";
import { countOf } from "../../words.ts";
import { readHints, toldOption } from "../../told_answers.ts";
import { writeNamedText } from "../../write_output.ts";

export const command = defineCommand({
  operands: [["<app>", "the app"], ["[file]", "the file to write; default: stdout"]],
  options: [toldOption],
  examples: ["keysmith app export shop shop.keysmith.json"],

  parse([app = "", file], flags) {
    return { app, file: file ?? null, answers: flags.text("answers") };
  },

  async run(session, { app, file, answers }) {
    const { ctx, output } = session;
    const hints = await readHints(session, answers);
    const { text, hosts, tools, left } = await output.progress(
      "proving the script on the session of an invented person",
      () => exportApp(ctx, { app, hints }),
    );
    for (const { where, what } of left) output.note(`left out: tool ${where} holds ${what}`);
    if (file === null) return output.text(text.trimEnd());
    await writeNamedText(file, text);
    output.result({ app, file, hosts, tools, left }, () => {
      output.line(
        `${app} written to ${file}: its script, proven by an invented session, and ${
          countOf(tools, "tool")
        }`,
      );
      output.line(`its login goes to ${hosts.join(", ")}`);
      output.note("nothing in it is about you: no token, no answer, no value of the recording");
    });
  },
});
