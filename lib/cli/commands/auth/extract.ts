/** `keysmith auth extract APP` */
import { extractToken } from "../../../ops/extract_token.ts";
import { defineCommand } from "../../command.ts";
import { describeExpiry } from "../../token_text.ts";

export const command = defineCommand({
  operands: [["<app>", "the app"]],
  options: [],
  examples: ["keysmith auth extract shop"],

  parse([app = ""]) {
    return { app };
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
