/** Records a browser into an app: what was seen at the sitting becomes a capture. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { parseUrl } from "../http/url.ts";
import { openHome } from "../store/home.ts";
import { RecordingSpool } from "../store/recording_spool.ts";
import { type CaptureInfo, type NewCapture, TraceStore } from "../store/trace_store.ts";
import type { TypedField } from "../store/typed_field.ts";
import { sitAtBrowser, type Sitting, type SittingInput } from "./browser_sitting.ts";
import { describeApp } from "./describe_app.ts";
import { LiveAnalysis, type LiveFinding } from "./live_analysis.ts";
import { type LoginNews, LoginWatch } from "./login_watch.ts";

/** What is understood while somebody logs in: at once by what a login looks like, then by the analysis. */
export type SittingNews = LoginNews | LiveFinding;

export interface CaptureBrowserInput extends Omit<SittingInput, "onSeen" | "until" | "meanwhile"> {
  readonly app: string;
  /** Ends the recording once a login was seen and what follows it has been loaded. */
  readonly untilLogin?: boolean;
  /** What is understood so far, as it is understood. */
  readonly onNews?: (news: SittingNews) => void;
}

export interface CaptureBrowserOutput {
  readonly app: string;
  /** True when the app was not known before. */
  readonly created: boolean;
  readonly capture: CaptureInfo;
  /** Fields of logins that were seen: never their values. */
  readonly typed: readonly Pick<TypedField, "kind" | "name" | "filledBy">[];
  /** Answers whose body the browser no longer had. */
  readonly withoutBody: number;
  /** Answers that are kept without their body, which is larger than 16 MB. */
  readonly tooLarge: number;
  /** Whether a login was seen, and a request that used what it gave. */
  readonly loginSeen: boolean;
  /** True where the browser's own sandbox was off, which browsers demand for root. */
  readonly withoutSandbox: boolean;
}

/** Quiet after a login that ends a recording, in milliseconds. */
const QUIET_MS = 1_500;
/** Quiet in which the analysis is run. */
const LOOK_QUIET_MS = 600;

/**
 * What was seen is kept whatever ended the sitting, also where a step failed.
 *
 * @throws {AppError} as `sitAtBrowser`; `BAD_INPUT` when nothing was recorded; and what a step failed of, with
 *   `details.capture` where something was recorded before.
 */
export async function captureBrowser(
  ctx: Context,
  input: CaptureBrowserInput,
): Promise<CaptureBrowserOutput> {
  const { app, untilLogin, onNews, ...at } = input;
  const home = openHome(ctx);
  home.appDir(app);
  using spool = RecordingSpool.open(home, app);
  const watch = new LoginWatch();
  const live = new LiveAnalysis(ctx, app);
  let tooLarge = 0;
  const sitting = await sitAtBrowser(ctx, home, {
    ...at,
    onSeen: (seen) => {
      if (seen.kind === "exchange" && seen.isTooLarge && seen.trace.noise === null) tooLarge++;
      if (onNews !== undefined) live.see(seen);
      for (const news of watch.see(seen)) {
        const isLetIn = news.kind === "credential";
        if (isLetIn || news.kind === "login") live.expectMore(isLetIn);
        onNews?.(news);
      }
    },
    ...onNews === undefined ? {} : {
      meanwhile: async (quietMs) => {
        if (quietMs >= LOOK_QUIET_MS) { for (const found of await live.look()) onNews(found); }
      },
    },
    ...untilLogin ? { until: (quietMs: number) => watch.isLoggedIn && quietMs >= QUIET_MS } : {},
  }, spool);
  const { stepFailure } = sitting;
  if (stepFailure !== null && spool.isEmpty) throw stepFailure;
  using captures = TraceStore.open(home.appFile(app, "captures.db"));
  const capture = captures.addCapture(newCapture(ctx, sitting, spool), spool.whole());
  const created = await describeApp(ctx, home, app, captures);
  if (stepFailure !== null) throw keptUntil(stepFailure, app, capture);
  const { typed, withoutSandbox } = sitting;
  return {
    app,
    created,
    capture,
    typed: typed.map(({ kind, name, filledBy }) => ({ kind, name, filledBy })),
    withoutBody: countLost(spool) - tooLarge,
    tooLarge,
    loginSeen: watch.isLoggedIn,
    withoutSandbox,
  };
}

function keptUntil(cause: AppError, app: string, { id, traces }: CaptureInfo): AppError {
  const kept = `${id} keeps the ${traces === 1 ? "request" : `${traces} requests`} before it`;
  const remove = `keysmith capture remove ${app} ${id} removes ${id}`;
  return new AppError(cause.code, `${cause.message}; ${kept}`, {
    hint: cause.hint === undefined ? remove : `${cause.hint}; ${remove}`,
    details: { ...cause.details, capture: id },
    cause,
  });
}

function newCapture(
  ctx: Context,
  { url, product, typed }: Sitting,
  spool: RecordingSpool,
): NewCapture {
  if (spool.isEmpty) {
    throw new AppError("BAD_INPUT", "The browser sent no request to record", {
      hint: "Open the application in the window, log in, and close the window when you are done",
      details: { url },
    });
  }
  return {
    file: parseUrl(url)!.host,
    // A recording has no file; no two are the same.
    sha256: ctx.random.bytes(32).toHex(),
    importedAt: new Date(ctx.clock.nowMs()).toISOString(),
    creator: `keysmith with ${product}`,
    skipped: 0,
    sanitised: false,
    typed,
  };
}

/** Redirects have none, and nobody reads those of images. */
function countLost(spool: RecordingSpool): number {
  let lost = 0;
  for (const { response, noise } of spool.whole()) {
    if (noise !== null || response === null || response.body !== null) continue;
    if (response.status < 300 || response.status >= 400) lost++;
  }
  return lost;
}
