/**
 * One fixture application from its recording to a request that shows who is logged in: imported,
 * analysed, logged in to as the account nobody recorded. Through the verbs, within this process.
 */
import { type Account, SECOND } from "../../fixtures/apps/parts/accounts.ts";
import type { StartOptions } from "../../fixtures/apps/harness.ts";
import { type CheckRequest, type OpenFixture, openFixture } from "../../fixtures/apps/recording.ts";
import type { Context } from "../../lib/base/context.ts";
import { AppError } from "../../lib/base/error.ts";
import { Redactor } from "../../lib/base/redact.ts";
import { redactJson } from "../../lib/base/redact_json.ts";
import { unframedLabel } from "../../lib/base/script_text.ts";
import type { HttpRequest } from "../../lib/http/exchange.ts";
import { analyzeAuth, type AnalyzeAuthOutput } from "../../lib/ops/analyze_auth.ts";
import { importCapture } from "../../lib/ops/import_capture.ts";
import { login, type LoginOutput } from "../../lib/ops/login.ts";
import { refreshToken } from "../../lib/ops/refresh_token.ts";
import { openHome } from "../../lib/store/home.ts";
import { usableToken } from "../../lib/token/cascade.ts";
import { type Credentials, NO_CREDENTIALS } from "../../lib/tools/credentials.ts";
import { sendRequest } from "../../lib/tools/send.ts";
import { assertNoSecret, storedSecrets } from "./leaks.ts";
import { withTempFolder } from "./temp_folder.ts";
import { scriptSandbox } from "./worker_sandbox.ts";

/** The name of the app in the home. */
export const APP = "fixture";

/** A running application whose recording is imported as `APP`. */
export interface LoginDesk {
  readonly fixture: OpenFixture;
  readonly home: string;
  readonly traces: number;
  /** A context whose prompts are answered by this account, each when it comes. */
  contextOf(account: Account): Context;
}

export interface CheckAnswer {
  readonly status: number;
  readonly text: string;
}

export interface LoginTrial {
  readonly traces: number;
  readonly analysis: AnalyzeAuthOutput;
  /** Of the analysis with its proof. */
  readonly analysisMs: number;
  /** What the login of the second account came to; `null` when there was nothing to log in with. */
  readonly login: LoginOutput | AppError | null;
  readonly loginMs: number;
  /** The check with what the login yielded; `null` without a login. */
  readonly check: CheckAnswer | null;
  /** True when the check shows the second account, and does not without credentials. */
  readonly asSecond: boolean;
  /**
   * What renewing the credentials at once came to: whether the check still shows the second account;
   * `null` where the application renews nothing.
   */
  readonly renewed: boolean | AppError | null;
}

/** Starts the application, imports its recording and takes both away afterwards. */
export async function withLoginDesk<T>(
  name: string,
  options: StartOptions,
  work: (desk: LoginDesk) => Promise<T>,
): Promise<T> {
  return await withTempFolder(async (folder) => {
    const fixture = await openFixture(name, options);
    try {
      const file = `${folder}/recording.har`;
      await Deno.writeTextFile(file, fixture.har);
      const home = `${folder}/home`;
      const contextOf = (account: Account) =>
        personContext(home, (label) => fixture.answerPrompt(account, label));
      const allowSanitised = fixture.app.refusal === "sanitised";
      const { captures } = await importCapture(contextOf(SECOND), {
        app: APP,
        files: [file],
        allowSanitised,
      });
      return await work({ fixture, home, traces: captures[0]!.capture.traces, contextOf });
    } finally {
      await fixture.running.stop().catch(() => {});
    }
  });
}

export async function tryLogin(name: string): Promise<LoginTrial> {
  return await withLoginDesk(name, {}, async (desk) => {
    const ctx = desk.contextOf(SECOND);
    const [analysis, analysisMs] = await timed(() =>
      analyzeAuth(ctx, { app: APP, hints: hintsFor(desk.fixture) })
    );
    const { traces } = desk;
    const analysed = { ...NOT_LOGGED_IN, traces, analysis, analysisMs };
    assertShowsNoSecret(desk, ctx, "auth analyze", analysis);
    if (analysis.result !== "script") return analysed;
    const [outcome, loginMs] = await timed(() =>
      login(ctx, { app: APP, yes: true }).catch(appErrorOf)
    );
    const tried = { ...analysed, login: outcome, loginMs };
    assertShowsNoSecret(desk, ctx, "auth login", outcome);
    return outcome instanceof AppError ? tried : { ...tried, ...await use(desk, ctx) };
  });
}

/** What the command would print of a result or an error, masked as it masks it. */
function assertShowsNoSecret({ home }: LoginDesk, ctx: Context, what: string, result: unknown) {
  const shown = result instanceof AppError ? { ...result, message: result.message } : result;
  const text = JSON.stringify(redactJson(shown, ctx.redactor));
  assertNoSecret(what, text, storedSecrets(home));
}

const NOT_LOGGED_IN = {
  login: null,
  loginMs: 0,
  check: null,
  asSecond: false,
  renewed: null,
};

/** What the stored token is good for. */
async function use(
  desk: LoginDesk,
  ctx: Context,
): Promise<Pick<LoginTrial, "check" | "asSecond" | "renewed">> {
  const { app, shownFor } = desk.fixture;
  const shown = shownFor(SECOND);
  const stranger = await sendCheck(desk, ctx, NO_CREDENTIALS);
  const send = async () => await sendCheck(desk, ctx, await usableToken(ctx, openHome(ctx), APP));
  const check = await send();
  const asSecond = check.text.includes(shown) && !stranger.text.includes(shown);
  const renewed = app.refresh === "none" ? null : await refreshToken(ctx, { app: APP, yes: true })
    .then(async () => (await send()).text.includes(shown)).catch(appErrorOf);
  return { check, asSecond, renewed };
}

/** Sends the application's check for the second account as a call of a tool would be sent. */
async function sendCheck(
  { fixture }: LoginDesk,
  ctx: Context,
  credentials: Credentials,
): Promise<CheckAnswer> {
  const response = await sendRequest(ctx, httpRequest(fixture.checkFor(SECOND)), {
    credentials,
    origins: fixture.running.origins,
  });
  return { status: response.status, text: response.text ?? "" };
}

function httpRequest({ method, url, headers, body }: CheckRequest): HttpRequest {
  return {
    method,
    url,
    headers: Object.entries(headers),
    body: body === null ? null : new TextEncoder().encode(body),
  };
}

/** Digests of a password are recognised only when it is known what was typed. */
const DIGESTS: ReadonlySet<string> = new Set([
  "md5_password",
  "sha256_password",
  "sha1_salt",
  "sha256_challenge",
  "hmac_challenge",
  "hmac_page_key",
]);

function hintsFor({ app, running }: OpenFixture): [label: string, value: string][] {
  if (!DIGESTS.has(app.name)) return [];
  const { recorded } = app.users;
  return [
    ["Username", running.answer("identifier", recorded)],
    ["Password", running.answer("password", recorded)],
  ];
}

async function timed<T>(work: () => Promise<T>): Promise<[result: T, ms: number]> {
  const start = performance.now();
  const result = await work();
  return [result, performance.now() - start];
}

function appErrorOf(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  throw thrown;
}

/**
 * A context as the command line builds it, with a person at it who answers by label. A label nobody
 * would know an answer to fails the login.
 */
export function personContext(home: string, answer: (label: string) => string): Context {
  const prompt = (label: string) => Promise.try(() => answer(unframedLabel(label)));
  return {
    clock: { nowMs: () => Date.now() },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    env: { get: () => undefined },
    fetch: globalThis.fetch,
    term: {
      interactive: false,
      out: () => {},
      err: () => {},
      promptText: prompt,
      promptSecret: prompt,
      confirm: () => Promise.resolve(true),
    },
    redactor: new Redactor(),
    signal: new AbortController().signal,
    homeOption: home,
    startSandbox: scriptSandbox,
    configOption: undefined,
    workingFolder: Deno.cwd(),
  };
}
