/** Exchanges the refresh token of an app now, whether the token has expired or not. */
import type { Context } from "../base/context.ts";
import type { GuestLimits } from "../sandbox/limits.ts";
import { openHome } from "../store/home.ts";
import { readAuthRecord } from "../token/auth_file.ts";
import { hasConsent } from "../token/consent.ts";
import { authNeeded } from "../token/auth_needed.ts";
import { refreshedToken } from "../token/refresh.ts";
import { requireAuthScript } from "../token/script_file.ts";
import { registerToken } from "../token/secrets.ts";
import { readToken } from "../token/token_file.ts";
import { type AuthStatus, authStatus } from "./auth_status.ts";
import { type Reprove, runnableScript } from "./runnable_script.ts";

export interface RefreshTokenInput {
  readonly app: string;
  /** The user agrees to the hosts the script may reach. */
  readonly yes?: boolean;
  readonly limits?: Partial<GuestLimits>;
  /** Proves a script that was edited since its proof. */
  readonly reprove?: Reprove;
}

/**
 * @throws {AppError} `AUTH_NEEDED` when there is no token, no refresh token, or it is refused; and all that
 * `runnableScript` and a script's run throw. The stored token stays as it was then.
 */
export async function refreshToken(ctx: Context, input: RefreshTokenInput): Promise<AuthStatus> {
  const { app, yes = false, reprove } = input;
  const home = openHome(ctx);
  await home.requireApp(app);
  const token = await readToken(home, app);
  if (token === null) throw authNeeded(app, `"${app}" is not logged in`);
  registerToken(ctx.redactor, token);
  if (token.refresh_token === null) throw authNeeded(app, `"${app}" gave out no refresh token`);
  const script = await requireAuthScript(home, app);
  const record = await readAuthRecord(home, app);
  // Whoever agreed to run this very script unproven has said so for its refresh as well.
  const unproven = record !== null && hasConsent(record, script);
  await runnableScript(ctx, home, app, { yes, unproven, reprove });
  await refreshedToken(ctx, home, app, token, input.limits ? { limits: input.limits } : {});
  return await authStatus(ctx, { app });
}
