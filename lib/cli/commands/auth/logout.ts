/** `keysmith auth logout APP|SERVICE` */
import { logout } from "../../../ops/logout.ts";
import { logoutService } from "../../../ops/service_logout.ts";
import { ACCOUNT_OPTION, withAccount } from "../../account_flag.ts";
import { ENVIRONMENT_OPTIONS } from "../../environment_flags.ts";
import { defineCommand, type Session } from "../../command.ts";
import { ownerKind } from "../../owner_kind.ts";
import { countOf } from "../../words.ts";

export const command = defineCommand({
  operands: [["<owner>", "the app or the service"]],
  options: [ACCOUNT_OPTION, ...ENVIRONMENT_OPTIONS],
  examples: ["keysmith auth logout shop"],

  parse([owner = ""], flags) {
    return { owner: withAccount(owner, flags) };
  },

  async run(session, { owner }) {
    const kind = await ownerKind(session.ctx, owner);
    await (kind === "app" ? logoutApp : logoutOfService)(session, owner);
  },
});

async function logoutApp({ ctx, output }: Session, app: string): Promise<void> {
  const result = await logout(ctx, { app });
  output.result(
    result,
    () => output.line(result.removed ? "token removed" : "there was no token"),
  );
}

async function logoutOfService({ ctx, output }: Session, service: string): Promise<void> {
  const logouts = await logoutService(ctx, { service });
  output.result({ service, logouts }, () => {
    for (const { secret, forgotten, revoked } of logouts) {
      output.line(`${secret}: ${countOf(forgotten, "token")} removed, ${revoked} revoked`);
    }
  });
}
