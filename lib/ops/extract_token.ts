/**
 * Takes the credentials out of the recordings: those of the newest request that was authenticated and
 * went well, with the end that was recorded or a JWT names and the refresh token if one was recorded.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { isRecord, type JsonValue } from "../base/json.ts";
import { isBystanderCookie, isOwnHeader } from "../http/ordinary_traffic.ts";
import { isCredentialName, isRefreshName } from "../http/vocabulary.ts";
import { parseBody, type ParsedBody } from "../http/body.ts";
import { parseCookieHeader, requestCookies, responseCookies } from "../http/cookies.ts";
import type { Trace } from "../http/exchange.ts";
import { readAppInfo } from "../store/app_file.ts";
import { type Home, openHome } from "../store/home.ts";
import { TraceStore } from "../store/trace_store.ts";
import { readAuthRecord } from "../token/auth_file.ts";
import { credentialGap } from "../token/credential.ts";
import { formatCookies, lifetimeEndMs } from "../http/cookie_jar.ts";
import { registerToken } from "../token/secrets.ts";
import { applyRenewals, renewalsIn } from "../token/renewals.ts";
import { tokenOfParts } from "../token/token_of_parts.ts";
import type { TokenState } from "../token/token_state.ts";
import { accountName } from "../store/account.ts";
import { inEnvironment, requireOrigins } from "../store/environment.ts";
import { type AuthStatus, authStatus } from "./auth_status.ts";
import { isCandidate, originOf, whyNoCandidate } from "./candidate_trace.ts";
import { isSessionCookie, recordedEnd } from "./recorded_end.ts";
import { tokenInBodies } from "./token_in_bodies.ts";
import { keepGivenToken, type KeptToken } from "./keep_given_token.ts";

export interface ExtractTokenOutput extends AuthStatus, KeptToken {
  /** The trace the credentials were taken from. */
  readonly trace: string;
  /** Names of the headers taken. */
  readonly headers: readonly string[];
  /** Where they may be sent. */
  readonly origins: readonly string[];
}

/**
 * @throws {AppError} `AUTH_NEEDED` when no recorded request was authenticated; `NOT_FOUND` for an unknown app;
 * `USAGE` for an environment, which nobody recorded;
 * and all that `keepGivenToken` throws.
 */
export async function extractToken(
  ctx: Context,
  { app, yes = false }: { readonly app: string; readonly yes?: boolean },
): Promise<ExtractTokenOutput> {
  const home = openHome(ctx);
  await home.requireApp(app);
  const { app: recorded, environment } = accountName(app);
  if (environment !== null) {
    throw new AppError(
      "USAGE",
      `The recordings of "${recorded}" are of another place than its environment "${environment}"`,
      { hint: `keysmith auth set ${app}, or keysmith auth login ${app}`, details: { app } },
    );
  }
  const found = await recordedSession(ctx, home, app);
  if (found === null) {
    const apiOrigins = await apiOriginsOf(home, app);
    const message = whyNoSession(app, tracesOf(home, app), apiOrigins);
    throw new AppError("AUTH_NEEDED", message, {
      hint: `Record while logged in, or: keysmith auth set ${app}`,
      details: { origins: apiOrigins },
    });
  }
  const { token, trace } = found;
  registerToken(ctx.redactor, token);
  const kept = await keepGivenToken(ctx, home, { app, token, source: "recording", yes });
  const headers = Object.keys(token.headers);
  return { ...await authStatus(ctx, { app }), ...kept, trace, headers, origins: token.origins };
}

/** A credential may have been sent all the same, and nothing shows that the app took it. */
function whyNoSession(
  app: string,
  traces: readonly Trace[],
  apiOrigins: readonly string[],
): string {
  const carriers = traces.map((trace) => ({ trace, names: Object.keys(credentialHeaders(trace)) }))
    .filter(({ names }) => names.length > 0);
  const carrier = carriers.find(({ names }) => names.some(isNoCookie)) ?? carriers[0];
  if (carrier === undefined) return `No recorded request of "${app}" was authenticated`;
  const { trace, names } = carrier;
  return `No recorded request of "${app}" is seen to be authenticated: ${trace.id} carries header ` +
    `${names.find(isNoCookie) ?? names[0]}, but ${whyNoCandidate(trace, apiOrigins)}`;
}

/** The token that the app's recordings show; `null` when none does. */
export async function recordedSession(
  ctx: Context,
  home: Home,
  app: string,
): Promise<ReturnType<typeof recordedToken>> {
  const traces = tracesOf(home, app);
  const origins = await apiOriginsOf(home, app);
  const nowMs = ctx.clock.nowMs();
  return recordedToken(traces, origins, nowMs) ?? tokenInBodies(traces, origins, nowMs);
}

export function tracesOf(home: Home, app: string): Trace[] {
  using store = TraceStore.open(home.appFile(app, "captures.db"), { readOnly: true });
  return store.traces();
}

/** Where the credentials of an app go, as far as is known. */
export async function apiOriginsOf(home: Home, app: string): Promise<readonly string[]> {
  const record = await readAuthRecord(home, app);
  if (record !== null && record.apiOrigins.length > 0) return record.apiOrigins;
  const baseUrls = (await readAppInfo(home, app))?.baseUrls ?? [];
  const origins = await requireOrigins(home, app);
  return origins === null ? baseUrls : baseUrls.map((url) => inEnvironment(url, origins));
}

type Headers = Readonly<Record<string, string>>;

/**
 * The token that the traces, in time order, show; `null` when none does. A header that authenticates
 * goes before cookies, which are also sent by whoever is not logged in.
 */
export function recordedToken(
  traces: readonly Trace[],
  apiOrigins: readonly string[],
  nowMs: number,
): { readonly token: TokenState; readonly trace: string } | null {
  const candidates = traces.filter((trace) => isCandidate(trace, apiOrigins))
    .map((trace) => ({ trace, headers: credentialHeaders(trace) }))
    .filter(({ headers }) => credentialGap({ headers }) === null);
  const newest = candidates.findLast(({ headers }) => Object.keys(headers).some(isNoCookie)) ??
    candidates.at(-1);
  if (newest === undefined) return null;
  const { trace, headers } = newest;
  const sharing = candidates.filter((other) => sharesCredential(headers, other.headers));
  const parts = {
    headers,
    body_params: {},
    query_params: {},
    refresh_token: recordedRefreshToken(traces),
    expires_in: null,
  };
  const origins = [...new Set(sharing.map((other) => originOf(other.trace)))];
  const renewed = withRenewals(
    tokenOfParts(parts, origins, nowMs, recordedEnd(traces, parts)),
    trace,
    nowMs,
  );
  return {
    token: { ...renewed, expires_at: renewed.expires_at ?? cookieEnd(renewed, traces, nowMs) },
    trace: trace.id,
  };
}

/**
 * The end that the answers gave the session's cookies, where the token is nothing else. One that has passed by
 * now says nothing: whether the site has kept the session since is for the trial to tell.
 */
function cookieEnd({ headers, origins }: TokenState, traces: readonly Trace[], nowMs: number) {
  if (Object.keys(headers).some(isNoCookie)) return null;
  const held = parseCookieHeader(Object.values(headers)[0] ?? "")
    .filter(([name, value]) => isSessionCookie(name, value));
  const setting = traces.filter((trace) => origins.includes(originOf(trace)));
  const ends = held.map(([name, value]) => {
    const trace = setting.findLast(({ response }) =>
      responseCookies(response?.headers ?? []).some((set) =>
        set.name === name && set.value === value
      )
    );
    const cookie = responseCookies(trace?.response?.headers ?? [])
      .findLast((set) => set.name === name && set.value === value);
    return cookie === undefined ? Infinity : lifetimeEndMs(cookie, trace!.startedAtMs);
  });
  const end = Math.min(...ends);
  return end > nowMs && end < Infinity ? Math.floor(end / 1000) : null;
}

/** The answer may have replaced the session. */
function withRenewals(token: TokenState, trace: Trace, nowMs: number): TokenState {
  const answered = trace.response?.headers ?? [];
  const received = renewalsIn(trace.request.url, answered, token.headers);
  return applyRenewals(token, token, received, nowMs) ?? token;
}

function isNoCookie(name: string): boolean {
  return name.toLowerCase() !== "cookie";
}

/** `Authorization`, headers whose names say that they hold a credential, and the cookies. */
function credentialHeaders({ request }: Trace): Headers {
  const headers = request.headers.filter(([name, value]) =>
    value !== "" && isOwnHeader(name) && isCredentialName(name)
  ).filter(([name, value]) => credentialGap({ headers: { [name]: value } }) === null);
  const cookies = requestCookies(request.headers).filter(([name]) => !isBystanderCookie(name));
  return Object.fromEntries([
    ...headers,
    ...(cookies.length === 0 ? [] : [["Cookie", formatCookies(cookies)]]),
  ]);
}

/** True when a header is sent with the same value, or, where there are only cookies, one of them. */
function sharesCredential(a: Headers, b: Headers): boolean {
  const direct = Object.entries(a).filter(([name]) => isNoCookie(name));
  if (direct.length > 0) return direct.some(([name, value]) => b[name] === value);
  const cookies = new Set((a["Cookie"] ?? "").split("; "));
  return (b["Cookie"] ?? "").split("; ").some((pair) => cookies.has(pair));
}

/** The newest refresh token that an answer gave out, else the newest that was exchanged with success. */
function recordedRefreshToken(traces: readonly Trace[]): string | null {
  for (const { request, response } of traces.toReversed()) {
    if (response === null || response.status >= 400) continue;
    const given = refreshTokenIn(parseBody(response.headers, response.body)) ??
      refreshTokenIn(parseBody(request.headers, request.body));
    if (given !== undefined) return given;
  }
  return null;
}

function refreshTokenIn(body: ParsedBody): string | undefined {
  if (body.kind === "form") return body.fields.find(([name]) => isRefreshTokenName(name))?.[1];
  return body.kind === "json" ? refreshTokenLeaf(body.value) : undefined;
}

function refreshTokenLeaf(value: JsonValue): string | undefined {
  if (Array.isArray(value)) return value.map(refreshTokenLeaf).find((leaf) => leaf !== undefined);
  if (!isRecord(value)) return undefined;
  for (const [name, member] of Object.entries(value) as [string, JsonValue][]) {
    if (typeof member === "string" && member !== "" && isRefreshTokenName(name)) return member;
    const inner = refreshTokenLeaf(member);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** `refresh_token`, `refreshToken`; not `refresh_token_expires_in`. */
function isRefreshTokenName(name: string): boolean {
  return isRefreshName(name) && /token$/i.test(name);
}
