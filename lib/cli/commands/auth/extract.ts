/** `keysmith auth extract APP` */
import { extractToken } from "../../../ops/extract_token.ts";
import { ACCOUNT_OPTION, withAccount } from "../../account_flag.ts";
import { defineCommand } from "../../command.ts";
import { describeExpiry } from "../../token_text.ts";

export const command = defineCommand({
  operands: [["<app>", "the app"]],
  options: [ACCOUNT_OPTION],
  examples: ["keysmith auth extract shop"],

  parse([app = ""], flags) {
    return { app: withAccount(app, flags) };
  },

  async run({ ctx, output }, input) {
    const taken = await extractToken(ctx, input);
    output.result(taken, () => {
      output.line(`taken    ${taken.headers.join(", ") || "credentials"} from ${taken.trace}`);
      const end = describeExpiry(taken.expires_at, ctx.clock);
      output.line(`token    ${taken.state}; ${end}`);
      output.line(`origins  ${taken.origins.join(", ")}`);
    });
  },
});
