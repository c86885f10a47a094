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

function describeRenewal(
  { app, state, renewed_by, answers_refused_at }: AuthStatus,
): string {
  const login = `keysmith auth login ${app}`;
  if (state === "none") return login;
  if (renewed_by === "nobody") return `nobody; log in again: ${login}`;
  if (renewed_by !== "stored answers" || answers_refused_at === null) {
    return `by itself: ${renewed_by}`;
  }
  const at = new Date(answers_refused_at * 1000).toISOString();
  return `stored answers, once they change: refused at ${at}`;
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
