/** `keysmith auth headers APP`: its job is to print secrets, so nothing is masked. */
import { authHeaders } from "../../../ops/auth_headers.ts";
import { ACCOUNT_OPTION, withAccount } from "../../account_flag.ts";
import { ENVIRONMENT_OPTIONS } from "../../environment_flags.ts";
import { defineCommand } from "../../command.ts";

export const command = defineCommand({
  operands: [["<app>", "the app"]],
  options: [ACCOUNT_OPTION, ...ENVIRONMENT_OPTIONS],
  examples: ["curl -H @<(keysmith auth headers shop) https://api.example.com/me"],

  parse([app = ""], flags) {
    return { app: withAccount(app, flags) };
  },

  async run({ ctx, output }, input) {
    const result = await authHeaders(ctx, input);
    output.secretResult({ ...result, headers: Object.fromEntries(result.headers) }, () => {
      for (const [name, value] of result.headers) output.secretLine(`${name}: ${value}`);
    });
    for (const need of result.elsewhere) output.note(`a request needs this too: ${need}`);
  },
});
