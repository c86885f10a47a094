/** Stores credentials the user already has, once they were tried. They replace the whole token. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { allowsPlainHttp } from "../base/plain_http.ts";
import { isLoopbackHost, parseUrl } from "../http/url.ts";
import { type Home, openHome } from "../store/home.ts";
import { credentialGap } from "../token/credential.ts";
import { registerToken } from "../token/secrets.ts";
import { tokenOfParts, type ToldEnd } from "../token/token_of_parts.ts";
import type { TokenState } from "../token/token_state.ts";
import {
  type GivenParts,
  partsFromGiven,
  partsFromText,
  partsFromToken,
  type TokenParts,
} from "../token/token_text.ts";
import { type AuthStatus, authStatus } from "./auth_status.ts";
import { apiOriginsOf, tracesOf } from "./extract_token.ts";
import { keepGivenToken, type KeptToken } from "./keep_given_token.ts";
import { recordedEnd } from "./recorded_end.ts";

export interface SetTokenInput extends GivenParts {
  readonly app: string;
  /** What stdin held; then `expiresInSec` is the only part that counts beside it. */
  readonly text?: string;
  /** Where the credentials may go; else the API origins of the app. */
  readonly origins?: readonly string[];
  /** The user's word that they are stored whatever the site says and whatever they replace. */
  readonly yes?: boolean;
}

export interface SetTokenOutput extends AuthStatus, KeptToken {}

/**
 * Without any part and without a text the token is asked for at the terminal.
 *
 * @throws {AppError} `BAD_INPUT` for malformed credentials; `USAGE` for a malformed origin or where none is
 * known; `NOT_FOUND` for an unknown app; `NO_INPUT`; and all that `keepGivenToken` throws.
 */
export async function setToken(ctx: Context, input: SetTokenInput): Promise<SetTokenOutput> {
  const { app, yes = false } = input;
  const home = openHome(ctx);
  await home.requireApp(app);
  const origins = await originsFor(ctx, home, input);
  const parts = await partsOf(ctx, input);
  const recorded = parts.expires_in === null ? recordedEnd(tracesOf(home, app), parts) : null;
  const token = tokenOf(parts, origins, ctx.clock.nowMs(), recorded);
  registerToken(ctx.redactor, token);
  const kept = await keepGivenToken(ctx, home, { app, token, source: "user", yes });
  return { ...await authStatus(ctx, { app }), ...kept };
}

async function partsOf(ctx: Context, input: SetTokenInput): Promise<TokenParts> {
  const { app: _app, origins: _origins, yes: _yes, text, ...given } = input;
  if (text !== undefined) {
    const parts = partsFromText(text);
    return { ...parts, expires_in: given.expiresInSec ?? parts.expires_in };
  }
  const parts = partsFromGiven(given);
  const places = [parts.headers, parts.body_params, parts.query_params];
  if (places.some((place) => Object.keys(place).length > 0)) return parts;
  const { headers } = partsFromToken(await ctx.term.promptSecret("Token"));
  return { ...parts, headers: { ...parts.headers, ...headers } };
}

function tokenOf(
  parts: TokenParts,
  origins: readonly string[],
  nowMs: number,
  recorded: ToldEnd | null,
): TokenState {
  const gap = credentialGap(parts);
  if (gap !== null) throw new AppError("BAD_INPUT", `These authenticate nothing: ${gap}`);
  return tokenOfParts(parts, origins, nowMs, recorded);
}

async function originsFor(
  ctx: Context,
  home: Home,
  { app, origins }: SetTokenInput,
): Promise<readonly string[]> {
  const originOf = (text: string) => credentialOrigin(text, allowsPlainHttp(ctx));
  if (origins !== undefined && origins.length > 0) return [...new Set(origins.map(originOf))];
  const known = await apiOriginsOf(home, app);
  if (known.length > 0) return [...new Set(known.map(originOf))];
  throw new AppError("USAGE", `It is not known where the credentials of "${app}" may go`, {
    hint: `keysmith auth set ${app} --origin https://api.example.com`,
  });
}

/** @throws {AppError} `USAGE` for text that is not an https URL, or plain http to another machine unless allowed. */
function credentialOrigin(text: string, allowHttp: boolean): string {
  const url = parseUrl(text);
  const isAllowed = url?.protocol === "https:" ||
    url?.protocol === "http:" && (allowHttp || isLoopbackHost(url.hostname));
  if (url !== null && isAllowed) return url.origin;
  throw new AppError("USAGE", `"${text}" is not an origin that credentials may go to`, {
    hint: "Write it as https://api.example.com; plain http to another machine needs --allow-http",
  });
}
