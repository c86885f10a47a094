/**
 * Logs in with a browser: the way that is left where no script can log in, for CAPTCHAs, passkeys and devices
 * that a site knows. The login happens in a profile that is kept, so that the next one may need nobody; the
 * credentials are taken out of the traffic to the app's origins once a request shows that they are good.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { Trace } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { parseUrl } from "../http/url.ts";
import { isOwnHeader } from "../http/ordinary_traffic.ts";
import { isCredentialName } from "../http/vocabulary.ts";
import { inEnvironment, requireOrigins } from "../store/environment.ts";
import { type Home, openHome } from "../store/home.ts";
import { RecordingSpool } from "../store/recording_spool.ts";
import { TraceStore } from "../store/trace_store.ts";
import { readAuthRecord } from "../token/auth_file.ts";
import type { ProbeVerdict } from "../token/probe.ts";
import type { ProbeRequest } from "../token/probe_request.ts";
import { removeLoginName } from "../token/login_name.ts";
import { requireTokenStore, storeNewToken } from "../token/token_file.ts";
import type { TokenState } from "../token/token_state.ts";
import { type AuthStatus, authStatus } from "./auth_status.ts";
import { sitAtBrowser, type SittingInput } from "./browser_sitting.ts";
import { apiOriginsOf, recordedToken } from "./extract_token.ts";
import { tryToken } from "./keep_token.ts";
import { probesIn } from "./probe_login.ts";

export interface BrowserLoginInput extends Omit<SittingInput, "url" | "onSeen" | "until"> {
  readonly app: string;
  /** The page to open; the first that was recorded when left out. */
  readonly url?: string;
  /** Try without a window first: the profile's session may do. */
  readonly headlessFirst?: boolean;
  /** Called before a window is opened. */
  readonly onWindow?: () => void;
}

export interface BrowserLoginOutput extends AuthStatus {
  readonly probe: ProbeVerdict;
  /** Names of the headers taken, never their values. */
  readonly headers: readonly string[];
  /** True where the profile's session did without a person. */
  readonly withoutWindow: boolean;
}

/** Without a window nobody can help: what has not come by then, or after so much quiet, will not; milliseconds. */
const HEADLESS_MS = 30_000;
const HEADLESS_QUIET_MS = 4_000;
const QUIET_MS = 700;

/**
 * @throws {AppError} `AUTH_NEEDED` when the window was closed before credentials were seen that the app takes;
 *   `NOT_FOUND` for an unknown app; and as `sitAtBrowser`.
 */
export async function browserLogin(
  ctx: Context,
  input: BrowserLoginInput,
): Promise<BrowserLoginOutput> {
  const { app, url: _, headlessFirst = false, onWindow, ...at } = input;
  const home = openHome(ctx);
  await home.requireApp(app);
  await requireTokenStore(ctx);
  const origins = await requireOrigins(home, app);
  const recorded = () => loginPage(home, app);
  const url = input.url ?? (origins === null ? recorded() : inEnvironment(recorded(), origins));
  const profile = input.profile ?? app;
  if (headlessFirst) {
    const { script: __, ...alone } = at;
    const found = await oneSitting(ctx, home, {
      app,
      at: { ...alone, url, profile, headless: true },
      maxMs: HEADLESS_MS,
      maxQuietMs: HEADLESS_QUIET_MS,
    });
    if (found?.verdict === "confirmed") return await keep(ctx, home, app, found, true);
  }
  onWindow?.();
  const found = await oneSitting(ctx, home, {
    app,
    at: { ...at, url, profile },
    maxMs: Infinity,
    maxQuietMs: Infinity,
  });
  ctx.signal.throwIfAborted();
  if (found === null) {
    throw new AppError(
      "AUTH_NEEDED",
      `The browser was closed before "${app}" let a request in with new credentials`,
      { hint: `Log in and open a page that loads data: keysmith auth login ${app} --browser` },
    );
  }
  return await keep(ctx, home, app, found, input.headless ?? false);
}

interface FoundToken {
  readonly token: TokenState;
  readonly verdict: ProbeVerdict;
}

interface Attempt {
  readonly app: string;
  readonly at: SittingInput;
  /** How long it may take, and how long nothing may happen. */
  readonly maxMs: number;
  readonly maxQuietMs: number;
}

async function oneSitting(
  ctx: Context,
  home: Home,
  { app, at, maxMs, maxQuietMs }: Attempt,
): Promise<FoundToken | null> {
  using spool = RecordingSpool.open(home, app);
  const search = await TokenSearch.of(ctx, home, app, spool);
  const endMs = ctx.clock.nowMs() + maxMs;
  let isNew = false;
  const { stepFailure } = await sitAtBrowser(ctx, home, {
    ...at,
    onSeen: ({ kind }) => isNew ||= kind === "exchange",
    until: async (quietMs) => {
      if (ctx.clock.nowMs() >= endMs) return true;
      if (!isNew) return quietMs >= maxQuietMs;
      if (quietMs < QUIET_MS) return false;
      isNew = false;
      return (await search.try())?.verdict === "confirmed";
    },
  }, spool);
  if (stepFailure !== null) throw stepFailure;
  return await search.try();
}

interface SearchParts {
  readonly home: Home;
  readonly app: string;
  readonly spool: RecordingSpool;
  /** Where credentials may have gone. */
  readonly origins: readonly string[];
  readonly probes: readonly ProbeRequest[];
}

/** Credentials in the traffic so far, each tried once. */
class TokenSearch {
  #tried = "";
  #best: FoundToken | null = null;

  readonly #ctx: Context;
  readonly #home: Home;
  readonly #app: string;
  readonly #spool: RecordingSpool;
  readonly #origins: readonly string[];
  readonly #probes: readonly ProbeRequest[];

  private constructor(ctx: Context, parts: SearchParts) {
    this.#ctx = ctx;
    this.#home = parts.home;
    this.#app = parts.app;
    this.#spool = parts.spool;
    this.#origins = parts.origins;
    this.#probes = parts.probes;
  }

  static async of(
    ctx: Context,
    home: Home,
    app: string,
    spool: RecordingSpool,
  ): Promise<TokenSearch> {
    const record = await readAuthRecord(home, app);
    const origins = await apiOriginsOf(home, app);
    const probes = record === null ? [] : probesIn(record);
    return new TokenSearch(ctx, { home, app, spool, origins, probes });
  }

  async try(): Promise<FoundToken | null> {
    const traces = this.#spool.traces();
    const found = recordedToken(traces, this.#origins, this.#ctx.clock.nowMs());
    if (found === null) return this.#best;
    const shown = JSON.stringify(found.token.headers);
    if (shown === this.#tried) return this.#best;
    this.#tried = shown;
    const source = traces.find(({ id }) => id === found.trace);
    const probes = [...this.#probes, ...source === undefined ? [] : [probeFrom(source)]];
    const tried = await tryToken(this.#ctx, this.#home, {
      app: this.#app,
      token: found.token,
      probes,
    });
    if (isUsable(tried)) this.#best = tried;
    return this.#best;
  }
}

/** Cookies alone are also sent by whoever is not logged in: they need an answer that says more. */
function isUsable({ verdict, token }: FoundToken): boolean {
  if (verdict === "confirmed") return true;
  const isDirect = Object.keys(token.headers).some((name) => name.toLowerCase() !== "cookie");
  return verdict !== "failed" && isDirect;
}

function probeFrom({ request }: Trace): ProbeRequest {
  const headers = request.headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return !isCredentialName(lower) && lower !== "cookie" && lower !== "authorization" &&
      (lower === "accept" || lower === "user-agent" || isOwnHeader(lower));
  });
  return { method: request.method, url: request.url, headers };
}

async function keep(
  ctx: Context,
  home: Home,
  app: string,
  { token, verdict }: FoundToken,
  withoutWindow: boolean,
): Promise<BrowserLoginOutput> {
  await storeNewToken(ctx, home, app, token);
  await removeLoginName(home, app);
  const headers = Object.keys(token.headers);
  return { ...await authStatus(ctx, { app }), probe: verdict, headers, withoutWindow };
}

/**
 * The page somebody opened first in the newest recording.
 *
 * @throws {AppError} `AUTH_NEEDED` for an app without recordings.
 */
export function loginPage(home: Home, app: string): string {
  using store = TraceStore.open(home.appFile(app, "captures.db"), { readOnly: true });
  const newest = store.captures().at(-1);
  const traces = newest === undefined
    ? []
    : store.traces({ captureId: newest.id, withoutBodies: true });
  const first =
    traces.find(({ request }) => headerValue(request.headers, "sec-fetch-dest") === "document") ??
      traces[0];
  if (first !== undefined) return parseUrl(first.request.url)!.href;
  throw new AppError("AUTH_NEEDED", `It is not known where "${app}" logs in`, {
    hint: `keysmith learn ${app} https://shop.example.com`,
  });
}
