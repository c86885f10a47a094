/** Asks the site of an account whether it takes the token, and remembers a no. */
import type { Context } from "../base/context.ts";
import { openHome } from "../store/home.ts";
import { readAuthRecord } from "../token/auth_file.ts";
import { markStale } from "../token/cascade.ts";
import { registerToken } from "../token/secrets.ts";
import { readToken } from "../token/token_file.ts";
import { isAlive } from "../token/token_state.ts";
import { probeLogin, probesIn } from "./probe_login.ts";

/** `unknown`: no recorded request is safe to try, or the answers do not tell, or there was none. */
export type SiteAnswer = "accepted" | "refused" | "unknown";

/** `null` without a token that is good by its own account. @throws {AppError} `NOT_FOUND`, `BAD_STORE`. */
export async function checkAccount(ctx: Context, app: string): Promise<SiteAnswer | null> {
  const home = openHome(ctx);
  await home.requireApp(app);
  const token = await readToken(home, app);
  if (token === null || !isAlive(token, ctx.clock.nowMs())) return null;
  registerToken(ctx.redactor, token);
  const record = await readAuthRecord(home, app);
  const { verdict } = await probeLogin(ctx, token, record === null ? [] : probesIn(record));
  if (verdict === "failed") await markStale(ctx, home, app, token);
  return verdict === "confirmed" ? "accepted" : verdict === "failed" ? "refused" : "unknown";
}
