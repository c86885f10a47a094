/** Records a browser into an app: opens it, listens until it is closed, and stores what it saw as a capture. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { ElementContexts } from "../browser/element_contexts.ts";
import { findBrowser } from "../browser/find_browser.ts";
import { launchBrowser, type LaunchedBrowser } from "../browser/launch.ts";
import type { RecordedExchange } from "../browser/recorded_exchange.ts";
import { Recorder } from "../browser/recorder.ts";
import { openPage, runSteps, settle, type StepsBrowser } from "../browser/run_steps.ts";
import { parseSteps, type Step } from "../browser/steps.ts";
import { authMarks } from "../capture/marks.ts";
import { noiseReason } from "../capture/noise.ts";
import { parseUrl } from "../http/url.ts";
import { type Home, openHome } from "../store/home.ts";
import { RecordingSpool } from "../store/recording_spool.ts";
import type { TypedField } from "../store/typed_field.ts";
import { type CaptureInfo, type NewCapture, TraceStore } from "../store/trace_store.ts";
import { describeApp } from "./describe_app.ts";

export interface CaptureBrowserInput {
  readonly app: string;
  /** The page to open. */
  readonly url: string;
  /** The browser's program; the first that is installed when left out. */
  readonly browser?: string;
  /** Name of a profile that is kept; a fresh one, removed at the end, when left out. */
  readonly profile?: string;
  readonly headless?: boolean;
  /** Steps done in place of a person, as JSON; the recording ends with the last. */
  readonly script?: { readonly file: string; readonly text: string };
  /** Called for each exchange and field as it is seen, with what was recorded so far. */
  readonly onProgress?: (seen: RecordingSoFar) => void;
  /** Ends the recording when it resolves. */
  readonly until?: (seen: RecordingSoFar) => boolean;
}

export interface RecordingSoFar {
  readonly exchange: RecordedExchange["exchange"] | null;
  readonly field: TypedField | null;
  readonly spool: RecordingSpool;
}

export interface CaptureBrowserOutput {
  readonly app: string;
  /** True when the app was not known before. */
  readonly created: boolean;
  readonly capture: CaptureInfo;
  /** Fields of logins that were seen: never their values. */
  readonly typed: readonly Pick<TypedField, "kind" | "name" | "filledBy">[];
  /** Answers whose body the browser no longer had, or that were too large. */
  readonly withoutBody: number;
  /** True where the browser's own sandbox was off, which browsers demand for root. */
  readonly withoutSandbox: boolean;
}

/**
 * Ends when the last window is closed, when the steps are done, or when `ctx.signal` is aborted; what was seen
 * is kept each time.
 *
 * @throws {AppError} `USAGE` for an address that is no http URL or a malformed name; `NOT_FOUND` without a
 *   browser or for an element a step names; `UNSUPPORTED` when the browser does not start; `UNREACHABLE` for
 *   an address that cannot be opened; `BAD_INPUT` when nothing was recorded.
 */
export async function captureBrowser(
  ctx: Context,
  input: CaptureBrowserInput,
): Promise<CaptureBrowserOutput> {
  const url = pageAddress(input.url);
  const steps = input.script === undefined
    ? undefined
    : parseSteps(input.script.text, input.script.file);
  const home = openHome(ctx);
  home.appDir(input.app);
  const program = findBrowser(ctx.env, input.browser);
  const profile = input.profile === undefined ? undefined : profileFolder(home, input.profile);
  using spool = RecordingSpool.open(home, input.app);
  const browser = await launchBrowser({
    program,
    headless: input.headless ?? false,
    ...profile === undefined ? {} : { profile },
  });
  let typed: TypedField[];
  try {
    typed = await record(ctx, { ...input, url, steps }, { browser, spool });
  } finally {
    await browser.close();
  }
  const stored = await store(ctx, home, { app: input.app, url, browser, spool, typed });
  return { ...stored, withoutSandbox: browser.withoutSandbox };
}

/** @throws {AppError} `USAGE` */
function pageAddress(text: string): string {
  const url = parseUrl(text) ?? parseUrl(`https://${text}`);
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href;
  throw new AppError("USAGE", `"${text}" is no address that a browser opens`, {
    hint: "Give the page where the login begins: https://shop.example.com",
  });
}

/** Where a kept profile is; names are those of apps. */
export function profileFolder(home: Home, name: string): string {
  home.appDir(name);
  return home.path("profiles", name);
}

interface Sitting extends CaptureBrowserInput {
  readonly steps: readonly Step[] | undefined;
}

interface Recording {
  readonly browser: LaunchedBrowser;
  readonly spool: RecordingSpool;
}

async function record(
  ctx: Context,
  input: Sitting,
  { browser, spool }: Recording,
): Promise<TypedField[]> {
  const { devtools } = browser;
  const enough = Promise.withResolvers<void>();
  const progress = (seen: Omit<RecordingSoFar, "spool">) => {
    input.onProgress?.({ ...seen, spool });
    if (input.until?.({ ...seen, spool })) enough.resolve();
  };
  const contexts = new ElementContexts();
  devtools.onEvent((event) => contexts.handle(event));
  const recorder = await Recorder.start(devtools, {
    nowMs: () => ctx.clock.nowMs(),
    onExchange: ({ exchange, frames }) => {
      spool.add({
        ...exchange,
        marks: authMarks(exchange),
        noise: noiseReason(exchange),
        frames,
      });
      progress({ exchange, field: null });
    },
    onTyped: (field) => {
      if (field.kind !== "identifier") ctx.redactor.add(field.value);
      progress({ exchange: null, field });
    },
  });
  const driven: StepsBrowser = {
    devtools,
    recorder,
    contexts,
    env: ctx.env,
    redactor: ctx.redactor,
    signal: ctx.signal,
    base: input.url,
  };
  const interrupted = Promise.withResolvers<void>();
  const onAbort = () => interrupted.resolve();
  ctx.signal.addEventListener("abort", onAbort, { once: true });
  try {
    await openPage(driven, input.url);
    const done = input.steps === undefined
      ? recorder.closed
      : settle(driven).then(() => runSteps(driven, input.steps!));
    await Promise.race([
      done,
      recorder.closed,
      interrupted.promise,
      enough.promise.then(() => settle(driven)),
    ]);
  } finally {
    ctx.signal.removeEventListener("abort", onAbort);
    await recorder.finish();
  }
  return recorder.typed();
}

interface Recorded extends Recording {
  readonly app: string;
  readonly url: string;
  readonly typed: readonly TypedField[];
}

async function store(
  ctx: Context,
  home: Home,
  { app, url, browser, spool, typed }: Recorded,
): Promise<Omit<CaptureBrowserOutput, "withoutSandbox">> {
  const traces = spool.traces();
  if (traces.length === 0) {
    throw new AppError("BAD_INPUT", `The browser sent no request to record`, {
      hint: "Open the application in the window, log in, and close the window when you are done",
      details: { url },
    });
  }
  const meta: NewCapture = {
    file: parseUrl(url)!.host,
    sha256: ctx.random.bytes(32).toHex(),
    importedAt: new Date(ctx.clock.nowMs()).toISOString(),
    creator: `keysmith with ${browser.product}`,
    skipped: 0,
    sanitised: false,
    typed,
  };
  using captures = TraceStore.open(home.appFile(app, "captures.db"));
  const capture = captures.addCapture(meta, spool.whole());
  const created = await describeApp(ctx, home, app, captures);
  const withoutBody =
    traces.filter(({ response, noise }) =>
      noise === null && response !== null && response.body === null &&
      !(response.status >= 300 && response.status < 400)
    ).length;
  const fields = typed.map(({ kind, name, filledBy }) => ({ kind, name, filledBy }));
  return { app, created, capture, typed: fields, withoutBody };
}
