/** The headers that authenticate a request, for curl and the like. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { isDigest } from "../http/computed_credential.ts";
import type { HeaderList } from "../http/exchange.ts";
import { formatCookies } from "../http/cookie_jar.ts";
import { parseCookieHeader } from "../http/cookies.ts";
import { percentDecode } from "../http/url.ts";
import { isBystanderCookie } from "../http/ordinary_traffic.ts";
import { isRefreshName } from "../http/vocabulary.ts";
import { openHome } from "../store/home.ts";
import { noteUse } from "../store/last_use.ts";
import { usableToken } from "../token/cascade.ts";
import { automaticLogin } from "./automatic_login.ts";
import { renewsItself, type TokenState } from "../token/token_state.ts";

export interface AuthHeaders {
  readonly app: string;
  readonly headers: HeaderList;
  /** What a request has to carry beside these headers, in words; mostly empty. */
  readonly elsewhere: readonly string[];
}

/**
 * @throws {AppError} `AUTH_NEEDED` and the like as `usableToken`; `UNSUPPORTED` when the credentials are
 * not headers.
 */
export async function authHeaders(
  ctx: Context,
  { app }: { readonly app: string },
): Promise<AuthHeaders> {
  const home = openHome(ctx);
  await home.requireApp(app);
  const token = await usableToken(ctx, home, app, { login: automaticLogin(ctx, home, app) });
  await noteUse(home, app, ctx.clock.nowMs());
  const headers = Object.entries(token.headers)
    .map(([name, value]) => [name, neededIn(name, value, token)] as const);
  const elsewhere = elsewhereIn(token);
  if (headers.length === 0) {
    throw new AppError("UNSUPPORTED", `"${app}" has no fixed header: ${elsewhere.join(", ")}`, {
      hint: `keysmith call ${app} TOOL puts the credentials where they belong`,
      details: { elsewhere },
    });
  }
  return { app, headers, elsewhere };
}

/** Without the cookies that renew a session, which no request but the refresh needs, and those of bystanders. */
function neededIn(name: string, value: string, token: TokenState): string {
  if (name.toLowerCase() !== "cookie") return value;
  const { refresh_token } = token;
  // A token that renews itself is the credential as well.
  const isCredential = renewsItself(token);
  const needed = parseCookieHeader(value).filter(([cookie, held]) =>
    (isCredential || held !== refresh_token && percentDecode(held) !== refresh_token) &&
    !isRefreshName(cookie) && !isBystanderCookie(cookie)
  );
  return needed.length === 0 ? value : formatCookies(needed);
}

function elsewhereIn(token: TokenState): string[] {
  return [
    ...token.computed.map((one) =>
      isDigest(one)
        ? "HTTP Digest is computed anew for each request"
        : "header DPoP: a proof of the token's key is made anew for each request"
    ),
    ...Object.keys(token.query_params).map((name) => `query parameter "${name}"`),
    ...Object.keys(token.body_params).map((name) => `body parameter "${name}"`),
  ];
}
