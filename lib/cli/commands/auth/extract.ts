/** `keysmith auth extract APP` */
import { extractToken } from "../../../ops/extract_token.ts";
import { ACCOUNT_OPTION, withAccount } from "../../account_flag.ts";
import { defineCommand } from "../../command.ts";
import { PROBE_WORDS, storedWords } from "../../probe_words.ts";
import { describeExpiry } from "../../token_text.ts";

export const command = defineCommand({
  operands: [["<app>", "the app"]],
  options: [
    ACCOUNT_OPTION,
    {
      flags: "--yes",
      summary: "store them even if the site does not take them, or a better token is replaced",
    },
  ],
  examples: ["keysmith auth extract shop"],
  stillSec: 600,

  parse([app = ""], flags) {
    return { app: withAccount(app, flags), yes: flags.on("yes") };
  },

  async run({ ctx, output }, input) {
    const taken = await extractToken(ctx, input);
    output.result(taken, () => {
      output.line(`taken    ${storedWords(taken)} from ${taken.trace}`);
      const end = describeExpiry(taken.expires_at, ctx.clock);
      output.line(`token    ${taken.state}; ${end}`);
      output.line(PROBE_WORDS[taken.probe]);
      output.line(`origins  ${taken.origins.join(", ")}`);
    });
  },
});
