/** `keysmith auth status APP|SERVICE` */
import { ERROR_EXIT_CODES } from "../../../base/error.ts";
import { authStatusWithSandbox } from "../../../ops/auth_status.ts";
import { checkAccount } from "../../../ops/check_account.ts";
import { serviceStatus } from "../../../ops/service_status.ts";
import { ACCOUNT_OPTION, withAccount } from "../../account_flag.ts";
import { ENVIRONMENT_OPTIONS } from "../../environment_flags.ts";
import { defineCommand, type Session } from "../../command.ts";
import { ownerKind } from "../../owner_kind.ts";
import { describeRenewal } from "../../renewal_text.ts";
import { describeExpiry, describeToken } from "../../token_text.ts";
import { describeWalls } from "../../wall_text.ts";

export const command = defineCommand({
  operands: [["<owner>", "the app or the service"]],
  options: [
    ACCOUNT_OPTION,
    ...ENVIRONMENT_OPTIONS,
    { flags: "--check", summary: "of an app: ask the site whether it takes the token" },
  ],
  examples: [
    "keysmith auth status shop --json",
    "keysmith auth status shop --check || keysmith auth login shop",
  ],

  parse([owner = ""], flags) {
    return { owner: withAccount(owner, flags), check: flags.on("check") };
  },

  /** 3 where nothing is usable without the user, so that `auth status APP || auth login APP` logs in. */
  async run(session, { owner, check }) {
    const kind = await ownerKind(session.ctx, owner);
    if (kind === "service") return await showService(session, owner);
    if (check) await checkAccount(session.ctx, owner);
    return await showApp(session, owner) ? 0 : ERROR_EXIT_CODES.AUTH_NEEDED;
  },
});

/** False where the user has to log in. */
async function showApp({ ctx, output }: Session, app: string): Promise<boolean> {
  const status = await authStatusWithSandbox(ctx, { app });
  output.result(status, () => {
    output.line(`token    ${describeToken(status, ctx.clock)}`);
    output.line(`renewal  ${describeRenewal(status)}`);
    if (status.refresh_refused_at !== null) output.line(refusedLine(status.refresh_refused_at));
    if (status.hosts.length > 0) output.line(`hosts    ${status.hosts.join(", ")}`);
    output.line(`sandbox  ${describeWalls(status.sandbox)}`);
  });
  return status.usable;
}

function refusedLine(atSec: number): string {
  const at = new Date(atSec * 1000).toISOString();
  return `refresh  the site refused the refresh token for good at ${at}`;
}

async function showService({ ctx, output }: Session, service: string): Promise<void> {
  const secrets = await serviceStatus(ctx, { service });
  output.result({ service, secrets }, () =>
    output.table(
      ["SCHEME", "SECRET", "TYPE", "STATE", "END", "RENEWAL"],
      secrets.map(({ scheme, secret, type, state, expires_at, refreshable }) => [
        scheme,
        secret ?? "-",
        type ?? "-",
        state,
        expires_at === null ? "-" : describeExpiry(expires_at, ctx.clock),
        refreshable ? "by itself" : "-",
      ]),
    ));
}
