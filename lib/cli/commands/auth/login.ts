/** `keysmith auth login APP` */
import { login, type LoginOutput } from "../../../ops/login.ts";
import { parseAnswers, withAnswers } from "../../answers.ts";
import { defineCommand } from "../../command.ts";
import { LIMIT_OPTIONS, parseLimits } from "../../limit_flags.ts";
import { reprove } from "../../reprove.ts";
import { readNamedText } from "../../read_input.ts";
import { describeExpiry } from "../../token_text.ts";

export const command = defineCommand({
  operands: [["<app>", "the app"]],
  options: [
    {
      flags: "--answers <file>",
      summary: "answers to the prompts: a JSON object by label, or text and secret (- for stdin)",
    },
    { flags: "--yes", summary: "agree to the hosts the script may reach" },
    { flags: "--unproven", summary: "run the script although it is not proven" },
    ...LIMIT_OPTIONS,
  ],
  examples: [
    "keysmith auth login shop",
    "pass show shop/answers.json | keysmith auth login shop --yes --answers -",
  ],

  parse([app = ""], flags) {
    return {
      app,
      answers: flags.text("answers"),
      yes: flags.on("yes"),
      unproven: flags.on("unproven"),
      limits: parseLimits(flags),
    };
  },

  async run(session, { answers, ...input }) {
    const given = answers === undefined
      ? undefined
      : parseAnswers(await readNamedText(session, answers), answers);
    const ctx = withAnswers(session.ctx, given, input.yes);
    const result = await login(ctx, { ...input, reprove });
    session.output.result(result, () => {
      session.output.line(
        `logged in; token ${describeExpiry(result.expires_at, ctx.clock)}`,
      );
      session.output.line(PROBE_WORDS[result.probe]);
    });
  },
});

/** What a recorded request, sent with and without the credentials, showed. */
const PROBE_WORDS: Readonly<Record<LoginOutput["probe"], string>> = {
  confirmed: "checked: the API answers differently with the token than without",
  inconclusive: "not checked: the API answers alike with and without the token",
  failed: "the API does not take the token",
  none: "not checked: the recording holds no request that is safe to try",
};
