/** `keysmith auth status APP` */
import { type AuthStatus, authStatus } from "../../../ops/auth_status.ts";
import { defineCommand } from "../../command.ts";
import { describeExpiry } from "../../token_text.ts";

export const command = defineCommand({
  operands: [["<app>", "the app"]],
  options: [],
  examples: ["keysmith auth status shop --json"],

  parse([app = ""]) {
    return { app };
  },

  async run({ ctx, output }, input) {
    const status = await authStatus(ctx, input);
    output.result(status, () => {
      const end = describeExpiry(status.expires_at, ctx.clock);
      output.line(`token    ${status.state}${status.state === "none" ? "" : `; ${end}`}`);
      output.line(`renewal  ${describeRenewal(status)}`);
      if (status.hosts.length > 0) output.line(`hosts    ${status.hosts.join(", ")}`);
    });
  },
});

function describeRenewal({ app, state, refreshable }: AuthStatus): string {
  if (refreshable) return "by itself";
  return state === "none"
    ? `keysmith auth login ${app}`
    : `log in again: keysmith auth login ${app}`;
}
