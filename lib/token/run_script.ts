/** Runs the auth script of an app live, once the user has agreed, and tells its outcomes apart. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { allowsPlainHttp } from "../base/plain_http.ts";
import type { ProofKey } from "../http/key_proof.ts";
import type { AuthResult } from "../script/contract.ts";
import type { GuestOutcome } from "../sandbox/host.ts";
import type { GuestDialog, GuestRun } from "../sandbox/guest_run.ts";
import { DEFAULT_GUEST_LIMITS, type GuestLimits } from "../sandbox/limits.ts";
import type { WatchedAnswer, WatchedRequest } from "../sandbox/protocol.ts";
import type { AuthRecord } from "./auth_file.ts";
import { requireConsent } from "./consent.ts";
import { type Answer, PromptDialog, RefusedAnswers, SilentDialog } from "./dialog.ts";
import { requireResult, type RunFacts } from "./outcome.ts";
import { type RecordedStep, requestsToWatch } from "./recorded_step.ts";
import type { AuthScript } from "./script_file.ts";

export interface ScriptRun {
  readonly app: string;
  readonly script: AuthScript;
  readonly record: AuthRecord;
  /** The sandbox's defaults where not given. */
  readonly limits?: Partial<GuestLimits>;
  /** Requests whose answers are wanted beside the result. Default: none. */
  readonly watched?: readonly WatchedRequest[];
  /** Is told of a run that failed, with the answers that were wanted: a script may be mended by it. */
  readonly onFailure?: (run: FailedRun) => void;
  /** Is told each line of `debug()` as it comes. */
  readonly onDebug?: (line: string) => void;
}

/** A run that came to nothing. Holds secrets: it goes into no error and no output as it is. */
export interface FailedRun {
  readonly outcome: GuestOutcome;
  /** What the user answered. */
  readonly answers: readonly Answer[];
}

/** What a login yielded. */
export interface Acquired {
  readonly result: AuthResult;
  /** As a failed run, where the credentials turn out to be none. */
  readonly run: FailedRun;
  /** Of the site, to the watched requests. */
  readonly answers: readonly WatchedAnswer[];
}

const REFRESH_GRACE_MS = 3_000;

type RunContext = Pick<Context, "env" | "redactor" | "signal" | "startSandbox" | "term">;

/**
 * Logs in. Prompts go to the terminal. With `refused`, what this run is refused for is added to it, and
 * what it holds already is not sent again.
 *
 * @throws {AppError} `CONSENT_NEEDED`; `AUTH_REFUSED`; `UNREACHABLE` and `UPSTREAM_FAILED` for a site that is
 * down; `SCRIPT_FAILED`, `SCRIPT_LIMIT`, `SCRIPT_REFUSED`; `NO_INPUT`, `INTERRUPTED`.
 */
export async function acquire(
  ctx: RunContext,
  run: ScriptRun,
  refused: RefusedAnswers = new RefusedAnswers(),
): Promise<Acquired> {
  const dialog = new PromptDialog(ctx, run.app, refused, run.onDebug);
  const outcome = await runLive(ctx, run, { kind: "acquire" }, dialog);
  try {
    const result = requireResult(outcome, factsOf(run, "login", dialog.answers.length > 0));
    return { result, answers: outcome.answers, run: { outcome, answers: dialog.answers } };
  } catch (error) {
    run.onFailure?.({ outcome, answers: dialog.answers });
    if (isAboutAnswers(error)) refused.add(dialog.answers);
    throw error;
  }
}

/** True for a refusal of what was typed; not for a site that only wants to be left alone. */
function isAboutAnswers(error: unknown): boolean {
  return error instanceof AppError && error.code === "AUTH_REFUSED" &&
    error.details["reason"] !== "limited";
}

/**
 * Exchanges a refresh token, with the key it is bound to where it is. Asks nothing.
 *
 * @throws {AppError} as `acquire`; `AUTH_REFUSED` when the refresh token is no longer good.
 */
export async function refresh(
  ctx: RunContext,
  run: ScriptRun,
  refreshToken: string,
  proofKey?: ProofKey,
): Promise<AuthResult> {
  if (ctx.signal.aborted) throw new AppError("INTERRUPTED", "Interrupted");
  const dialog = new SilentDialog(ctx, run.app);
  const key = proofKey === undefined ? {} : { proofKey };
  const entry = { ...key, kind: "refresh", refreshToken } as const;
  const outcome = await withGrace(
    ctx.signal,
    (signal) => runLive({ ...ctx, signal }, run, entry, dialog),
  );
  return requireResult(outcome, factsOf(run, "refresh", true));
}

/**
 * A refresh that is under way gets a moment to end after Ctrl-C or SIGTERM: the provider may have
 * replaced the refresh token already, and the new one is in the answer.
 */
async function withGrace<T>(
  interruption: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const interrupt = () => {
    timer = setTimeout(() => controller.abort(), REFRESH_GRACE_MS);
  };
  interruption.addEventListener("abort", interrupt, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    interruption.removeEventListener("abort", interrupt);
    clearTimeout(timer);
  }
}

async function runLive(
  ctx: Pick<Context, "env" | "signal" | "startSandbox">,
  run: ScriptRun,
  entry: GuestRun["entry"],
  dialog: GuestDialog,
): Promise<GuestOutcome> {
  const { app, script, record } = run;
  requireConsent(app, record, script);
  const { runGuest } = await import("../sandbox/host.ts");
  return await runGuest({
    source: script.source,
    fileName: script.path,
    entry,
    network: { kind: "live", hosts: record.hosts, allowHttp: allowsPlainHttp(ctx) },
    limits: limitsOf(run),
    dialog,
    signal: ctx.signal,
    startSandbox: ctx.startSandbox,
    watched: [
      ...run.watched ?? [],
      ...requestsToWatch(record.steps),
    ],
  });
}

function factsOf(
  run: ScriptRun,
  part: RecordedStep["part"],
  gaveCredentials: boolean,
): RunFacts {
  const { app, record } = run;
  const steps = record.steps.filter((step) => step.part === part);
  return { app, hosts: record.hosts, limits: limitsOf(run), gaveCredentials, steps };
}

function limitsOf({ limits }: ScriptRun): GuestLimits {
  return { ...DEFAULT_GUEST_LIMITS, ...limits };
}
