/** `keysmith app list` */
import { listApps } from "../../../ops/list_apps.ts";
import { defineCommand } from "../../command.ts";
import { NO_APP_YET } from "../../words.ts";

export const command = defineCommand({
  operands: [],
  options: [],
  examples: ["keysmith app list"],

  parse() {
    return {};
  },

  async run({ ctx, output }) {
    const apps = await listApps(ctx);
    output.result({ apps }, () => {
      if (apps.length === 0) {
        output.note(NO_APP_YET);
        return;
      }
      output.table(
        ["APP", "SITE", "CAPTURES", "REQUESTS", "LOGIN", "TOOLS", "ACCOUNTS", "ENVIRONMENTS"],
        apps.map((app) => [
          app.name,
          app.baseUrls[0] ?? "-",
          String(app.captures),
          String(app.requests),
          app.hasScript ? "script" : "-",
          String(app.tools),
          app.accounts.join(", ") || "-",
          app.environments.join(", ") || "-",
        ]),
      );
    });
  },
});
