/**
 * Asks the source of one answer, at the moment the prompt comes. A source with a `wait` is asked again
 * until it has an answer: what is sent in the middle of a login is not there when the login begins.
 */
import type { AnswerSource, TextSource, TotpSource } from "../base/config.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { Home } from "../store/home.ts";
import { openKeychain } from "../store/keychain.ts";
import type { KeychainStore } from "../store/keychain_store.ts";
import { SecretProblem } from "./secret_problem.ts";
import { describeSource } from "../base/config_sources.ts";
import { readText, readTextSecret } from "./text_secret.ts";
import { codeOf, totpKey } from "./totp.ts";
import { reserveWindow, startMs } from "./totp_windows.ts";

export interface AnswerContext
  extends Pick<Context, "clock" | "env" | "homeOption" | "redactor" | "signal"> {
  /** Resolves after so many milliseconds; rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Sources that answer with a text; the others stand for a confirmation. */
export type ValueSource = Exclude<AnswerSource, { type: "confirm" }>;

/** Between two looks at a source whose answer is not there yet. */
const PAUSE_MS = 1_000;

/** For the writer of a named pipe, where the source says no `wait`. */
const PIPE_WAIT_MS = 60_000;

/**
 * The answer. `used`: what this prompt was answered with before and the site did not take; a source that
 * waits is asked until it has another.
 *
 * @throws {SecretProblem} when there is none; `AppError` `INTERRUPTED`.
 */
export async function askSource(
  ctx: AnswerContext,
  home: Home,
  source: ValueSource,
  used: readonly string[] = [],
  keychain: KeychainStore = openKeychain(),
): Promise<string> {
  if (source.type === "totp") return await oneTimeCode(ctx, home, source, keychain);
  const endMs = ctx.clock.nowMs() + source.waitSec * 1000;
  for (;;) {
    const leftMs = endMs - ctx.clock.nowMs();
    const found = await look(ctx, source, leftMs, used, keychain);
    if (!(found instanceof SecretProblem)) return found;
    if (endMs - ctx.clock.nowMs() <= 0) throw found;
    await pause(ctx, Math.min(PAUSE_MS, endMs - ctx.clock.nowMs()));
  }
}

/** Waits as long as a `confirm` source says. @throws {AppError} `INTERRUPTED`. */
export async function pause(ctx: AnswerContext, ms: number): Promise<void> {
  try {
    await ctx.sleep(ms, ctx.signal);
  } catch (error) {
    if (ctx.signal.aborted) throw new AppError("INTERRUPTED", "Interrupted");
    throw error;
  }
}

/** The source in words. */
export function describeAnswer(source: AnswerSource): string {
  switch (source.type) {
    case "totp":
      return `one-time codes of ${describeSource(source.secret)}`;
    case "confirm":
      return `taken for confirmed after ${source.waitSec} s`;
    default:
      return describeSource(source);
  }
}

async function oneTimeCode(
  ctx: AnswerContext,
  home: Home,
  source: TotpSource,
  keychain: KeychainStore,
): Promise<string> {
  const key = totpKey(await readTextSecret(ctx, source.secret, keychain), source);
  const step = await reserveWindow(ctx, home, key);
  const leftMs = startMs(key, step) - ctx.clock.nowMs();
  if (leftMs > 0) await pause(ctx, leftMs);
  return codeOf(key, step);
}

async function look(
  ctx: AnswerContext,
  source: Exclude<ValueSource, TotpSource>,
  leftMs: number,
  used: readonly string[],
  keychain: KeychainStore,
): Promise<string | SecretProblem> {
  try {
    const text = await readText(within(ctx, source, leftMs), patient(source, leftMs), keychain);
    return used.includes(text)
      ? new SecretProblem(`${describeSource(source)} has only what was given before`)
      : text;
  } catch (error) {
    if (ctx.signal.aborted) throw new AppError("INTERRUPTED", "Interrupted");
    if (error instanceof SecretProblem) return error;
    throw error;
  }
}

/** A program that waits itself may take as long as there is. */
function patient(source: TextSource, leftMs: number): TextSource {
  if (source.type !== "exec" || leftMs <= 0) return source;
  return { ...source, timeoutSec: Math.ceil(leftMs / 1000) };
}

/** A named pipe is read when its writer comes, which may be never. */
function within(ctx: AnswerContext, { type }: TextSource, leftMs: number): AnswerContext {
  if (type !== "file") return ctx;
  const timeout = AbortSignal.timeout(leftMs > 0 ? leftMs : PIPE_WAIT_MS);
  return { ...ctx, signal: AbortSignal.any([ctx.signal, timeout]) };
}
