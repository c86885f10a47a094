/** `keysmith auth list` */
import type { Clock } from "../../../base/context.ts";
import { ERROR_EXIT_CODES } from "../../../base/error.ts";
import { listAuth, type ListedAccount } from "../../../ops/list_auth.ts";
import { defineCommand } from "../../command.ts";
import { NO_APP_YET } from "../../words.ts";
import { renewerOf } from "../../renewal_text.ts";
import { describeExpiry } from "../../token_text.ts";

export const command = defineCommand({
  operands: [],
  options: [{ flags: "--check", summary: "ask the sites; exit code 3 where one needs the user" }],
  examples: ["keysmith auth list", "keysmith auth list --check --json"],

  parse(_operands, flags) {
    return { check: flags.on("check") };
  },

  async run({ ctx, output }, input) {
    const accounts = await listAuth(ctx, input);
    output.result({ accounts }, () => {
      if (accounts.length === 0) {
        output.note(NO_APP_YET);
        return;
      }
      output.table(
        ["ACCOUNT", "STATE", "END", "RENEWED BY", "LAST USE", ...(input.check ? ["SITE"] : [])],
        accounts.map((account) => [
          account.name,
          account.state,
          account.state === "none" ? "-" : endOf(account, ctx.clock),
          renewerOf(account),
          timeOf(account),
          ...(input.check ? [account.site ?? "-"] : []),
        ]),
      );
    });
    for (const { name, problem } of accounts) {
      if (problem !== null) output.note(`${name}: ${problem}`);
    }
    return input.check && accounts.some(needsUser) ? ERROR_EXIT_CODES.AUTH_NEEDED : 0;
  },
});

/** An app without a login was not asked for one. */
function needsUser({ usable, state, problem }: ListedAccount): boolean {
  return problem !== null || !usable && state !== "none";
}

/** Under a heading that says "END". */
function endOf({ expires_at }: ListedAccount, clock: Clock): string {
  return expires_at === null ? "unknown" : describeExpiry(expires_at, clock);
}

function timeOf({ last_used_at }: ListedAccount): string {
  return last_used_at === null
    ? "never"
    : new Date(Math.floor(last_used_at) * 1000).toISOString().replace(".000", "");
}
