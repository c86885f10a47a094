/** A new token, tried before it is stored, and stored with what the trial taught of the app's answers. */
import type { Context } from "../base/context.ts";
import type { Home } from "../store/home.ts";
import type { ProbeVerdict } from "../token/probe.ts";
import type { ProbeRequest } from "../token/probe_request.ts";
import { registerToken } from "../token/secrets.ts";
import { writeSigns } from "../token/session_signs.ts";
import { removeLoginName } from "../token/login_name.ts";
import { storeNewToken } from "../token/token_file.ts";
import type { TokenState } from "../token/token_state.ts";
import { probeLogin } from "./probe_login.ts";

export interface NewToken {
  readonly app: string;
  readonly token: TokenState;
  /** Recorded requests to try it on, the best first. */
  readonly probes: readonly ProbeRequest[];
}

export interface TriedToken {
  readonly verdict: ProbeVerdict;
  /** With what the answers renewed of it. */
  readonly token: TokenState;
}

/** Tries a token and keeps what is learnt of the app's answers; the token itself is for the caller to store. */
export async function tryToken(
  ctx: Context,
  home: Home,
  { app, token: fresh, probes }: NewToken,
): Promise<TriedToken> {
  registerToken(ctx.redactor, fresh);
  const { verdict, token, signs } = await probeLogin(ctx, fresh, probes);
  registerToken(ctx.redactor, token);
  if (verdict !== "failed") await writeSigns(home, app, signs);
  return { verdict, token };
}

/** The verdict of the trial. A token that failed is not stored. @throws as `storeNewToken`. */
export async function keepToken(ctx: Context, home: Home, given: NewToken): Promise<ProbeVerdict> {
  const { verdict, token } = await tryToken(ctx, home, given);
  if (verdict !== "failed") {
    await storeNewToken(ctx, home, given.app, token);
    // Whose session this is, nobody said.
    await removeLoginName(home, given.app);
  }
  return verdict;
}
