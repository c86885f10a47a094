/** `keysmith config set SETTING VALUE` */
import { AppError } from "../../../base/error.ts";
import { setConfig } from "../../../ops/set_config.ts";
import { defineCommand } from "../../command.ts";

export const command = defineCommand({
  operands: [
    [
      "<setting>",
      "store (moves the tokens), model, model.timeoutSec, policy.allowExecSecrets, services.NAME or secrets.KEY",
    ],
    ["[value]", "YAML or JSON; never a secret itself"],
  ],
  options: [
    { flags: "--unset", summary: "remove the setting" },
    { flags: "--project", summary: "in the working folder's file, not the user's own" },
  ],
  examples: [
    "keysmith config set store keychain",
    "keysmith config set services.helpdesk ./tickets.openapi.yaml --project",
    "keysmith config set secrets.helpdesk.bearerAuth '{type: env, value: HELPDESK_TOKEN}'",
  ],

  parse([setting = "", value], flags) {
    const unset = flags.on("unset");
    if ((value === undefined) !== unset) {
      throw new AppError("USAGE", "Give either a value or --unset", {
        hint: `keysmith config set ${setting} VALUE`,
      });
    }
    const layer = flags.on("project") ? "project" : "user";
    return { setting, value: value ?? null, layer } as const;
  },

  async run({ ctx, output }, input) {
    const { file, setting, moved } = await setConfig(ctx, input);
    const what = input.value === null ? "removed from" : "set in";
    output.result({ file, setting, ...(moved === undefined ? {} : { moved }) }, () => {
      output.line(`${setting} ${what} ${file}`);
      for (const app of moved?.apps ?? []) output.line(`moved the token of ${app}`);
      if (moved && moved.services > 0) output.line(`moved ${moved.services} logins of services`);
    });
  },
});
