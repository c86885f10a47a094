/** `keysmith auth status APP|SERVICE` */
import { type AuthStatus, authStatus } from "../../../ops/auth_status.ts";
import { serviceStatus } from "../../../ops/service_status.ts";
import { defineCommand, type Session } from "../../command.ts";
import { ownerKind } from "../../owner_kind.ts";
import { describeExpiry } from "../../token_text.ts";

export const command = defineCommand({
  operands: [["<owner>", "the app or the service"]],
  options: [],
  examples: ["keysmith auth status shop --json"],

  parse([owner = ""]) {
    return { owner };
  },

  async run(session, { owner }) {
    const kind = await ownerKind(session.ctx, owner);
    await (kind === "app" ? showApp : showService)(session, owner);
  },
});

async function showApp({ ctx, output }: Session, app: string): Promise<void> {
  const status = await authStatus(ctx, { app });
  output.result(status, () => {
    const end = describeExpiry(status.expires_at, ctx.clock);
    output.line(`token    ${status.state}${status.state === "none" ? "" : `; ${end}`}`);
    output.line(`renewal  ${describeRenewal(status)}`);
    if (status.hosts.length > 0) output.line(`hosts    ${status.hosts.join(", ")}`);
  });
}

function describeRenewal({ app, state, refreshable }: AuthStatus): string {
  if (refreshable) return "by itself";
  const login = `keysmith auth login ${app}`;
  return state === "none" ? login : `log in again: ${login}`;
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
