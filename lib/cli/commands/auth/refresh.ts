/** `keysmith auth refresh APP` */
import { refreshToken } from "../../../ops/refresh_token.ts";
import { ALLOW_HTTP_OPTION } from "../../allow_http.ts";
import { ACCOUNT_OPTION, withAccount } from "../../account_flag.ts";
import { ENVIRONMENT_OPTIONS } from "../../environment_flags.ts";
import { defineCommand } from "../../command.ts";
import { LIMIT_OPTIONS, parseLimits } from "../../limit_flags.ts";
import { reprove } from "../../reprove.ts";
import { describeExpiry } from "../../token_text.ts";

export const command = defineCommand({
  operands: [["<app>", "the app"]],
  options: [
    ACCOUNT_OPTION,
    ...ENVIRONMENT_OPTIONS,
    { flags: "--yes", summary: "agree to the hosts the script may reach" },
    ALLOW_HTTP_OPTION,
    ...LIMIT_OPTIONS,
  ],
  examples: ["keysmith auth refresh shop"],

  parse([app = ""], flags) {
    return { app: withAccount(app, flags), yes: flags.on("yes"), limits: parseLimits(flags) };
  },

  async run({ ctx, output }, input) {
    const status = await refreshToken(ctx, { ...input, reprove });
    output.result(
      status,
      () => output.line(`refreshed; token ${describeExpiry(status.expires_at, ctx.clock)}`),
    );
  },
});
