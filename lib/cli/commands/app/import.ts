/** `keysmith app import FILE [NAME]` */
import { importApp } from "../../../ops/import_app.ts";
import { defineCommand } from "../../command.ts";
import { readNamedText } from "../../read_input.ts";

export const command = defineCommand({
  operands: [
    ["<file>", "what keysmith app export wrote; - for stdin"],
    ["[name]", "the app's name here; default: as it was exported"],
  ],
  options: [],
  examples: [
    "keysmith app import shop.keysmith.json",
    "keysmith app import shop.keysmith.json my-shop",
  ],

  parse([file = "", name]) {
    return { file, name: name ?? null };
  },

  async run(session, { file, name }) {
    const { ctx, output } = session;
    const text = await readNamedText(session, file);
    const imported = await output.progress(
      "proving its script again",
      () => importApp(ctx, { text, file, name }),
    );
    output.result(imported, () => {
      output.line(`${imported.name} imported: its script is proven by the session beside it`);
      output.line(`its login goes to ${imported.hosts.join(", ")}`);
      output.line(`its credentials go to ${imported.apiOrigins.join(", ")}`);
      output.line(
        `tools: ${imported.tools.length}, of ${imported.toolOrigins.join(", ") || "no site"}`,
      );
      output.note(`log in: keysmith auth login ${imported.name}`);
    });
  },
});
