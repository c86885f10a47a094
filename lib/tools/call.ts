/**
 * A call of a captured app's tool: token by the cascade, request, answer; and when the answer says that
 * the session is over, one renewal and, for what may be repeated, one more try.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { Home } from "../store/home.ts";
import { markStale, mergeRenewals, usableToken } from "../token/cascade.ts";
import type { RefreshOptions } from "../token/refresh.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { isReadingPost, isViewingPost } from "../http/reading_call.ts";
import { NONCE } from "../token/renewals.ts";
import { registerToken } from "../token/secrets.ts";
import { readToken } from "../token/token_file.ts";
import { isAlive, type TokenState } from "../token/token_state.ts";
import { atPage } from "./at_page.ts";
import { buildAppRequest, type FetchedValues } from "./build_request.ts";
import { isIdempotentMethod, type ToolDefinition } from "./definition.ts";
import { withUser } from "./logged_in_user.ts";
import { NotHandedOut } from "./not_handed_out.ts";
import { remedyIn } from "./remedy.ts";
import type { ToolResponse } from "./response.ts";
import type { SendOptions } from "./send.ts";
import { sendFilled } from "./send_filled.ts";
import { type SessionVerdict, SessionWatch } from "./session_watch.ts";

export interface CallOptions
  extends Pick<SendOptions, "timeoutMs" | "maxBytes" | "allowHttp" | "onItem"> {
  /** In place of the address that the arguments make: another page, on the same origin. */
  readonly pageUrl?: string;
  /** How an expired token is refreshed. */
  readonly refresh?: RefreshOptions;
}

/**
 * The answer to a call, whatever its status.
 *
 * @throws {AppError} `USAGE` for arguments that do not fit; `AUTH_NEEDED` when there is no usable token and
 * none can be had, or when it was renewed but the request may not be sent twice; `AUTH_REFUSED` when the
 * app answers a token it has just given out as it answers strangers; and all that `sendFilled` throws.
 */
export async function callAppTool(
  ctx: Context,
  home: Home,
  app: string,
  tool: ToolDefinition,
  given: Readonly<Record<string, unknown>>,
  { refresh, pageUrl, ...options }: CallOptions = {},
): Promise<ToolResponse> {
  const args = await withUser(home, app, tool, given);
  const build = (fetched?: FetchedValues) => atPage(buildAppRequest(tool, args, fetched), pageUrl);
  const request = build();
  const send: Send = (token, asked = request) =>
    sendFilled(ctx, { tool, args, build, request, asked, options }, token);
  const token = tool.requiresAuth
    ? await usableToken(ctx, home, app, refresh)
    : await tokenAtHand(ctx, home, app, tool);
  if (token === null) return await send(null);
  const answered = await remedied(ctx, request, token, send);
  const watch = new SessionWatch(ctx, home, app, tool, request);
  const first = await verdictOn(watch, answered);
  if (first.isOpen) ctx.term.err(mayBeOver(app));
  if (!first.ended) return await settled(ctx, home, app, token, answered, first);

  await markStale(ctx, home, app, token);
  const renewal = new Renewal(refresh);
  const renewed = await usableToken(ctx, home, app, renewal.options);
  const mayRepeat = answered.unsent !== undefined || tool.safe || isIdempotentMethod(tool.method) ||
    isReadingPost(request) ||
    isViewingPost(request);
  if (!mayRepeat) throw notRepeated(app, answered.response);
  const tryWith = async (given: TokenState) => {
    const again = await remedied(ctx, request, given, send);
    const isTried = renewal.hasLoggedIn;
    return { again, verdict: await verdictOn(watch, again, isTried) };
  };
  const tried = await tryWith(renewed);
  if (!tried.verdict.ended || !renewal.leavesLogin) {
    return await settledAgain(ctx, home, app, renewed, tried);
  }
  await markStale(ctx, home, app, renewed);
  const anew = await usableToken(ctx, home, app, { ...renewal.options, isVain: true });
  return await settledAgain(ctx, home, app, anew, await tryWith(anew));
}

async function verdictOn(
  watch: SessionWatch,
  { response, token, unsent }: Answered,
  isTried = false,
): Promise<SessionVerdict> {
  if (unsent !== undefined) return await watch.verdictOnPage(unsent.page, token);
  return await watch.verdictOn(response, token, { isTried });
}

type Send = (token: TokenState | null, asked?: HttpRequest) => Promise<ToolResponse>;

async function settledAgain(
  ctx: Context,
  home: Home,
  app: string,
  token: TokenState,
  { again, verdict }: { readonly again: Answered; readonly verdict: SessionVerdict },
): Promise<ToolResponse> {
  if (verdict.ended && again.response.status < 400) throw stillAStranger(app, again.response);
  return await settled(ctx, home, app, token, again, verdict);
}

interface Answered {
  /** Of the page before the call, where that is `unsent`. */
  readonly response: ToolResponse;
  readonly unsent?: NotHandedOut;
  /** The token that the answered request carried. */
  readonly token: TokenState;
  /** What a refusal before the answer handed out. Secret. */
  readonly renewals: SessionVerdict["renewals"];
}

/**
 * The answer; where a refusal, of the call or of a page before it, hands out what the request lacks, that to one more
 * request, for each such value.
 */
async function remedied(
  ctx: Context,
  request: HttpRequest,
  token: TokenState,
  send: (token: TokenState, request: HttpRequest) => Promise<ToolResponse>,
): Promise<Answered> {
  const taken = new Set<string>();
  const renewals: Answered["renewals"][number][] = [];
  let asked = { request, token };
  for (;;) {
    const sent = await sentOrNot(() => send(asked.token, asked.request));
    const unsent = sent instanceof NotHandedOut ? { unsent: sent } : {};
    const response = sent instanceof NotHandedOut ? sent.page : sent;
    const remedy = remedyIn(asked.request, asked.token, response, ctx.clock.nowMs());
    // A value that is refused again as soon as it was handed out is no remedy.
    if (remedy === null || remedy.names.some((name) => taken.has(name))) {
      const kept = response.status < 400 ? renewals : [];
      return { response, ...unsent, token: asked.token, renewals: kept };
    }
    remedy.names.forEach((name) => taken.add(name));
    renewals.push(...remedy.renewals);
    registerToken(ctx.redactor, remedy.token);
    asked = remedy;
  }
}

async function sentOrNot(
  send: () => Promise<ToolResponse>,
): Promise<ToolResponse | NotHandedOut> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof NotHandedOut) return error;
    throw error;
  }
}

/** Which way of renewing a token is still to be tried: a refresh may go well and change nothing. */
class Renewal {
  readonly options: RefreshOptions;
  #hasLoggedIn = false;

  constructor(options: RefreshOptions = {}) {
    const { login } = options;
    this.options = login === undefined ? options : {
      ...options,
      login: (cause) => {
        this.#hasLoggedIn = true;
        return login(cause);
      },
    };
  }

  /** By this call; another process may have been faster. */
  get hasLoggedIn(): boolean {
    return this.#hasLoggedIn;
  }

  get leavesLogin(): boolean {
    return this.options.login !== undefined && !this.#hasLoggedIn;
  }
}

/** A tool that works without a login is called with the token all the same, if there is a good one. */
async function tokenAtHand(
  ctx: Context,
  home: Home,
  app: string,
  tool: ToolDefinition,
): Promise<TokenState | null> {
  const token = await readToken(home, app);
  if (token === null || !isAlive(token, ctx.clock.nowMs())) return null;
  if (!token.origins.includes(tool.origin)) return null;
  registerToken(ctx.redactor, token);
  return token;
}

/** Keeps a sliding session going. A refusal may hand out an anonymous session, which is not kept. */
async function settled(
  ctx: Context,
  home: Home,
  app: string,
  token: TokenState,
  { response, renewals, unsent }: Answered,
  verdict: SessionVerdict,
): Promise<ToolResponse> {
  if (unsent !== undefined) throw unsent;
  const kept = response.renewals.filter(({ name }) => response.status < 400 || name === NONCE);
  const received = [...renewals, ...kept, ...verdict.renewals];
  if (received.length === 0) return response;
  try {
    await mergeRenewals(ctx, home, app, token, received);
  } catch (error) {
    // The call has had its effect: that the session was not kept going is not a reason to make it again.
    if (!(error instanceof AppError) || error.code === "INTERRUPTED") throw error;
    ctx.term.err(`The renewed session of "${app}" could not be kept: ${error.message}`);
  }
  return response;
}

function mayBeOver(app: string): string {
  return `The answer is not like the recorded ones, and no recorded request of "${app}" may be repeated ` +
    `to see whether the session has ended; if it has: keysmith auth login ${app}`;
}

function notRepeated(app: string, response: ToolResponse): AppError {
  return new AppError(
    "AUTH_NEEDED",
    `The session of "${app}" was over; it has been renewed, but ` +
      `"${response.method} ${response.requestedUrl}" was not sent a second time`,
    { hint: "Make the same call again" },
  );
}

function stillAStranger(app: string, response: ToolResponse): AppError {
  return new AppError(
    "AUTH_REFUSED",
    `"${response.method} ${response.requestedUrl}" is answered as if nobody were logged in, ` +
      "with a token that was obtained a moment ago as well",
    { hint: `keysmith auth login ${app}` },
  );
}
