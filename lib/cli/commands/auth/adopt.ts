/** `keysmith auth adopt APP FILE --host HOST:PORT …` */
import { adoptScript } from "../../../ops/adopt_script.ts";
import { ALLOW_HTTP_OPTION } from "../../allow_http.ts";
import { defineCommand } from "../../command.ts";

export const command = defineCommand({
  filesOnly: true,
  operands: [
    ["<app>", "the app; created if need be"],
    ["<file>", "the script, TypeScript without imports"],
  ],
  options: [
    {
      flags: "--host <host:port...>",
      summary: "what the script may reach; its credentials go nowhere else",
    },
    ALLOW_HTTP_OPTION,
  ],
  examples: [
    "keysmith auth adopt shop login.ts --host login.example.com:443 api.example.com:443",
    "keysmith auth login shop --unproven",
  ],

  parse([app = "", file = ""], flags) {
    return { app, file, hosts: flags.list("host") };
  },

  async run({ ctx, output }, input) {
    const adopted = await adoptScript(ctx, input);
    output.result(adopted, () => {
      output.line(`script   ${adopted.script}`);
      output.line(`hosts    ${adopted.hosts.join(", ")}`);
      output.line(`renewal  ${adopted.refreshes ? "by refresh_token()" : "not offered"}`);
      output.note(`next: keysmith auth login ${input.app} --unproven`);
    });
  },
});
