/** One sitting at a browser that is recorded: opens it, listens until it is closed, spools what was seen. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { ScriptWorlds } from "../browser/script_worlds.ts";
import { findBrowser } from "../browser/find_browser.ts";
import { launchBrowser, type LaunchedBrowser } from "../browser/launch.ts";
import { Recorder } from "../browser/recorder.ts";
import { openPage, runSteps, settle, type StepsBrowser } from "../browser/run_steps.ts";
import { restoreSessionCookies, saveSessionCookies } from "../browser/session_cookies.ts";
import { parseSteps, requireVariables, type Step } from "../browser/steps.ts";
import { authMarks } from "../capture/marks.ts";
import { noiseReason } from "../capture/noise.ts";
import { isLoopbackHost, parseUrl } from "../http/url.ts";
import type { NewTrace } from "../store/capture_info.ts";
import type { Home } from "../store/home.ts";
import type { RecordingSpool } from "../store/recording_spool.ts";
import type { TypedField } from "../store/typed_field.ts";

export interface SittingInput {
  /** The page to open. */
  readonly url: string;
  /** The browser's program; the first that is installed when left out. */
  readonly browser?: string;
  /** Name of a profile that is kept; a fresh one, removed at the end, when left out. */
  readonly profile?: string;
  readonly headless?: boolean;
  /** Steps done in place of a person, as JSON; the sitting ends with the last. */
  readonly script?: { readonly file: string; readonly text: string };
  /** The longest it may last once the page is opened. */
  readonly maxMs?: number;
  /** Called once the browser has started. */
  readonly onOpen?: () => void;
  /** Called for each exchange and each field of a login as it is seen. */
  readonly onSeen?: (seen: Seen) => void;
  /** Looked at now and then; the sitting ends when it answers true. */
  readonly until?: (quietMs: number) => boolean | Promise<boolean>;
  /** Work beside the sitting, now and then; does not end it. */
  readonly meanwhile?: (quietMs: number) => Promise<void>;
}

/** How often, in milliseconds. */
const LOOK_EVERY_MS = 200;
/**
 * Without a window nobody goes on after the last step: what is waited for has come after so much quiet, or so long, or
 * will not; milliseconds.
 */
const ALONE_QUIET_MS = 5_000;
const ALONE_MS = 30_000;

export type Seen =
  | { readonly kind: "exchange"; readonly trace: NewTrace; readonly isTooLarge?: boolean }
  | { readonly kind: "field"; readonly field: TypedField };

export interface Sitting {
  readonly url: string;
  /** Name and version of the browser. */
  readonly product: string;
  readonly typed: readonly TypedField[];
  /** What ended the steps before the last; `null` where all were done, or the sitting was over before. */
  readonly stepFailure: AppError | null;
  /** True where the browser's own sandbox was off, which browsers demand for root. */
  readonly withoutSandbox: boolean;
}

/**
 * Ends when the last window is closed, when the steps are done or one fails, when `until` says so or `maxMs` have
 * passed, without a window when nothing comes after them that it waits for, or when `ctx.signal` is aborted.
 *
 * @throws {AppError} `USAGE` for an address that is not an http URL or a malformed name; `NOT_FOUND` without a
 *   browser; `UNSUPPORTED` when the browser does not start; `UNREACHABLE` for an address that cannot be opened;
 *   `BAD_INPUT` for steps that cannot be read; `NO_INPUT` for a variable of theirs that is not set.
 */
export async function sitAtBrowser(
  ctx: Context,
  home: Home,
  input: SittingInput,
  spool: RecordingSpool,
): Promise<Sitting> {
  const url = pageAddress(input.url);
  const { script } = input;
  const steps = script === undefined ? null : parseSteps(script.text, script.file);
  if (steps !== null) requireVariables(ctx.env, steps);
  const program = findBrowser(ctx.env, input.browser);
  const profile = input.profile === undefined ? undefined : profileFolder(home, input.profile);
  const browser = await launchBrowser({
    program,
    headless: input.headless ?? false,
    ...profile === undefined ? {} : { profile },
  });
  input.onOpen?.();
  try {
    if (profile !== undefined) await restoreSessionCookies(browser.devtools, profile);
    const recorded = await record(ctx, { ...input, url, steps }, { browser, spool });
    if (profile !== undefined) await saveSessionCookies(browser.devtools, profile);
    const { product, withoutSandbox } = browser;
    return { url, ...recorded, product, withoutSandbox };
  } finally {
    await browser.close();
  }
}

/**
 * Typed without a scheme, it is https; on this machine, where hardly anything has a certificate, http.
 *
 * @throws {AppError} `USAGE`
 */
export function pageAddress(text: string): string {
  // Another address may stand in the query of one without a scheme.
  const url = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? parseUrl(text) : withScheme(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href;
  throw new AppError("USAGE", `"${text}" is not an address that a browser opens`, {
    hint: "Give the page where the login begins: https://shop.example.com",
  });
}

/** `localhost:8080` alone would parse as an address of the scheme `localhost`, and `mailto:ada@shop.example` is one. */
function withScheme(text: string): URL | null {
  const url = parseUrl(`https://${text}`);
  if (url === null || url.username !== "") return null;
  return isLoopbackHost(url.hostname) ? parseUrl(`http://${text}`) : url;
}

/** Where a kept profile is. @throws {AppError} `USAGE`: names are those of apps, accounts and environments. */
function profileFolder(home: Home, name: string): string {
  home.appDir(name);
  // Windows has no ":" in the names of folders.
  return home.path("profiles", name.replace(":", "%"));
}

interface Recording {
  readonly browser: LaunchedBrowser;
  readonly spool: RecordingSpool;
}

async function record(
  ctx: Context,
  input: SittingInput & { readonly steps: readonly Step[] | null },
  { browser: { devtools }, spool }: Recording,
): Promise<Pick<Sitting, "typed" | "stepFailure">> {
  const contexts = new ScriptWorlds();
  devtools.onEvent((event) => contexts.handle(event));
  const recorder = await Recorder.start(devtools, {
    nowMs: () => ctx.clock.nowMs(),
    unattended: input.headless ?? false,
    onExchange: ({ exchange, frames, isTooLarge }) => {
      const marks = authMarks(exchange);
      const trace = { ...exchange, marks, noise: noiseReason(exchange), frames };
      spool.add(trace);
      input.onSeen?.({ kind: "exchange", trace, isTooLarge });
    },
    onTyped: (field) => {
      if (field.kind !== "identifier") ctx.redactor.add(field.value);
      input.onSeen?.({ kind: "field", field });
    },
  });
  const { env, redactor, signal } = ctx;
  const nowMs = () => ctx.clock.nowMs();
  const driven = { devtools, recorder, contexts, env, redactor, signal, nowMs, base: input.url };
  let isOver = false;
  let stepFailure: AppError | null = null;
  /** Until the answer is true or the sitting is over. */
  const now = async (look: (quietMs: number) => boolean | Promise<boolean>): Promise<void> => {
    let isEnough = false;
    while (!isEnough) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      isEnough = isOver || await look(recorder.quietMs);
    }
  };
  const { meanwhile, until, maxMs } = input;
  const pass = (ms: number): Promise<void> => {
    const endMs = nowMs() + ms;
    return now(() => nowMs() >= endMs);
  };
  const beside = meanwhile && now(async (quietMs) => {
    await meanwhile(quietMs);
    return false;
  });
  beside?.catch(() => {});
  try {
    await openFirst(driven, input);
    const alone = async () => {
      const endMs = nowMs() + ALONE_MS;
      await now((quietMs) => quietMs >= ALONE_QUIET_MS || nowMs() >= endMs);
    };
    stepFailure = await untilEnd(driven, input.steps, {
      until: until && now(until),
      ...maxMs === undefined ? {} : { limit: pass(maxMs) },
      ...input.headless ? { alone } : {},
    });
  } finally {
    isOver = true;
    await recorder.finish();
  }
  await beside;
  return { typed: recorder.typed(), stepFailure };
}

/**
 * A site that asks for a password before any page opens with the script's first step, which may hold it. At one whose
 * certificate the browser does not trust, it asks the person at the window.
 */
async function openFirst(
  driven: StepsBrowser,
  { url, steps, headless }: Pick<SittingInput, "url" | "headless"> & {
    readonly steps: readonly Step[] | null;
  },
): Promise<void> {
  try {
    await openPage(driven, url);
  } catch (error) {
    const { asksForPassword, distrusts } = error instanceof AppError ? error.details : {};
    const opensNext = asksForPassword === true && steps?.[0]?.kind === "goto";
    const isAsked = distrusts === true && !headless && steps === null;
    if (!opensNext && !isAsked) throw error;
  }
}

/** Whatever comes first; Ctrl-C ends a sitting like a closed window does. Answers why a step failed. */
async function untilEnd(
  driven: StepsBrowser,
  steps: readonly Step[] | null,
  { until, limit, alone }: {
    readonly until: Promise<void> | undefined;
    readonly limit?: Promise<void>;
    /** The wait after the last step where nobody is there to go on. */
    readonly alone?: () => Promise<void>;
  },
): Promise<AppError | null> {
  const { recorder, signal } = driven;
  let failure: AppError | null = null;
  const ended = Promise.withResolvers<void>();
  const end = () => ended.resolve();
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  const fail = (thrown: unknown) => {
    if (!(thrown instanceof AppError)) throw thrown;
    failure = thrown;
    end();
  };
  const stepped = steps === null
    ? []
    : [settle(driven).then(() => runSteps(driven, steps)).catch(fail)];
  const enough = until === undefined ? [] : [until];
  // Steps and waits that go on after the end fail with the browser that is gone.
  for (const rest of [...stepped, ...enough]) rest.catch(() => {});
  const limited = limit === undefined ? [] : [limit];
  try {
    // Who waits for something lets it come after the last step.
    const lasting = alone === undefined ? [] : [Promise.all(stepped).then(alone)];
    for (const rest of lasting) rest.catch(() => {});
    const done = until !== undefined ? lasting : stepped;
    const failed = stepped.map((work) => work.then(() => new Promise<void>(() => {})));
    const over = [...enough, ...limited, recorder.closed, ended.promise];
    await Promise.race([...done, ...failed, ...over]);
    return failure;
  } finally {
    signal.removeEventListener("abort", end);
  }
}
