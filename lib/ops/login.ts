/**
 * Logs in with the script of an app and keeps the token. What counts as success is that the API takes
 * the credentials, not that the script returned some.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { isIdentifierName } from "../http/vocabulary.ts";
import { appOf } from "../store/account.ts";
import type { GuestLimits } from "../sandbox/limits.ts";
import { EVERY_REQUEST } from "../sandbox/protocol.ts";
import { type Home, openHome } from "../store/home.ts";
import type { AuthRecord } from "../token/auth_file.ts";
import { RefusedAnswers } from "../token/dialog.ts";
import { tokenFromResult } from "../token/from_result.ts";
import type { ShownScript } from "../token/consent.ts";
import type { ProbeVerdict } from "../token/probe.ts";
import { removeLoginName, writeLoginName } from "../token/login_name.ts";
import { acquire, type Acquired, type FailedRun, type ScriptRun } from "../token/run_script.ts";
import { requireTokenStore, storeNewToken } from "../token/token_file.ts";
import type { TokenState } from "../token/token_state.ts";
import { type AuthStatus, authStatus } from "./auth_status.ts";
import { tryToken } from "./keep_token.ts";
import { learnFromLogin, type LiveEvidence, watchedRequests } from "./live_evidence.ts";
import { probesIn } from "./probe_login.ts";
import { RememberedAnswers } from "./remembered_answers.ts";
import { type Reprove, runnableScript } from "./runnable_script.ts";

export interface LoginInput {
  readonly app: string;
  /** The user agrees to the hosts the script may reach. */
  readonly yes?: boolean;
  /** What the user was shown before, and began. */
  readonly begun?: ShownScript | undefined;
  /** The user's word that the script may run without a proof. */
  readonly unproven?: boolean;
  readonly limits?: Partial<GuestLimits>;
  /** Proves a script that was edited since its proof. */
  readonly reprove?: Reprove;
  /** See `ScriptRun`; credentials that the API does not take are a failed run, too. */
  readonly onFailedRun?: (run: FailedRun) => void;
  readonly onDebug?: (line: string) => void;
}

export interface LoginOutput extends AuthStatus, LiveEvidence {
  /** What one recorded request, sent with and without the credentials, says about them. */
  readonly probe: ProbeVerdict;
}

/** How often a person at the terminal is asked before the account is at risk. */
const MAX_ATTEMPTS = 3;

/**
 * @throws {AppError} `AUTH_REFUSED` for wrong credentials, a locked account or credentials that the API
 * does not take; and all that `runnableScript` and `acquire` throw. Nothing is stored then.
 */
export async function login(ctx: Context, input: LoginInput): Promise<LoginOutput> {
  const { app } = input;
  const home = openHome(ctx);
  await home.requireApp(app);
  await requireTokenStore(ctx);
  const { token, verdict, record, answers } = await freshToken(ctx, home, input);
  await storeNewToken(ctx, home, app, token);
  const evidence = await learnFromLogin(ctx, app, record, answers);
  return { ...await authStatus(ctx, { app }), probe: verdict, ...evidence };
}

export interface FreshToken {
  readonly token: TokenState;
  readonly verdict: ProbeVerdict;
  readonly record: AuthRecord;
  /** Of the site, to the watched requests. */
  readonly answers: Acquired["answers"];
}

/** Logs in and tries the token; stores nothing but who logged in. @throws {AppError} as `login`. */
export async function freshToken(
  ctx: Context,
  home: Home,
  input: LoginInput,
): Promise<FreshToken> {
  const { app, yes = false, begun, unproven = false, limits, reprove, onFailedRun, onDebug } =
    input;
  const { script, record } = await runnableScript(ctx, home, app, {
    yes,
    begun,
    unproven,
    reprove,
  });
  const watched = watchedRequests(record.watched);
  let failed: FailedRun | undefined;
  const run: ScriptRun = {
    app,
    script,
    record,
    watched: onFailedRun === undefined ? watched : [...watched, EVERY_REQUEST],
    ...limits === undefined ? {} : { limits },
    onFailure: (done) => {
      failed = done;
      onFailedRun?.(done);
    },
    ...onDebug === undefined ? {} : { onDebug },
  };
  const term = new RememberedAnswers(ctx.term, record.inputs);
  const { result, answers, run: done } = await acquireWithRetries({ ...ctx, term }, run)
    .catch(async (error) => {
      throw failed === undefined ? error : await mendedAfter(ctx, run, failed, error);
    });
  const yielded = tokenFromResult(result, {
    nowMs: ctx.clock.nowMs(),
    origins: record.apiOrigins,
  });
  const tried = await tryToken(ctx, home, { app, token: yielded, probes: probesIn(record) });
  if (tried.verdict === "failed") {
    onFailedRun?.(done);
    throw notAccepted(app);
  }
  const name = term.given
    .find(({ kind, label }) => kind === "identifier" || isIdentifierName(label))?.value;
  if (name === undefined) await removeLoginName(home, app);
  else await writeLoginName(home, app, name);
  return { ...tried, record, answers };
}

/**
 * The error, where nothing is known of why the script failed; where the answers hold something else in place of one
 * of its constants, what was done about that.
 */
async function mendedAfter(
  ctx: Context,
  { app, record }: ScriptRun,
  { outcome }: FailedRun,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof AppError)) return error;
  const { code, message, details } = error;
  if (code !== "SCRIPT_FAILED" && details["mayBeScript"] !== true) return error;
  const { changed, mended } = await learnFromLogin(ctx, app, record, outcome.answers);
  if (!mended) return error;
  const places = changed.map(({ where, answer }) => `${where}, from the answer to ${answer}`);
  return new AppError(code, message, {
    hint: `The answers hold another value than the script sent; it takes it from there now (${
      places.join("; ")
    }), and is proven anew: keysmith auth login ${app}`,
    details: { ...details, isMended: true },
    cause: error,
  });
}

/** Asks a person again; whoever answers from a file has given all there is to give. */
async function acquireWithRetries(ctx: Context, run: ScriptRun): Promise<Acquired> {
  const refused = new RefusedAnswers();
  for (let attempt = 1;; attempt++) {
    try {
      return await acquire(ctx, run, refused);
    } catch (error) {
      if (!mayRetry(error) || !ctx.term.interactive || attempt === MAX_ATTEMPTS) throw error;
      const left = MAX_ATTEMPTS - attempt;
      ctx.term.err(`${error.message}; ${left} more ${left === 1 ? "attempt" : "attempts"}`);
    }
  }
}

function mayRetry(error: unknown): error is AppError {
  return error instanceof AppError && error.code === "AUTH_REFUSED" &&
    error.details["reason"] === "refused";
}

function notAccepted(app: string): AppError {
  return new AppError(
    "AUTH_REFUSED",
    `The login of "${app}" yielded credentials that the API does not accept; nothing was stored`,
    {
      hint: `Check what you typed; if it is right, record the login again: ` +
        `keysmith auth analyze ${appOf(app)}`,
      details: { reason: "probe" },
    },
  );
}
