/**
 * `totp.json` in the home: the last window of time in which each one-time code was used. A server takes a
 * code once (RFC 6238 section 5.2), whichever process, app or account it came from, so a window is
 * reserved before its code is handed out.
 */
import { createHash } from "node:crypto";
import type { Context } from "../base/context.ts";
import { isRecord } from "../base/json.ts";
import type { Home } from "../store/home.ts";
import { readJsonFile, writeJsonFile } from "../store/json_file.ts";
import { withLock } from "../store/lock.ts";
import { stepAt, type TotpKey } from "./totp.ts";

const LOCK_WAIT_MS = 10_000;

/** A window this long ago can be asked for no more: its entry is dropped. In milliseconds. */
const FORGET_AFTER_MS = 24 * 3600 * 1000;

/** Windows reserved further ahead than this come of a clock that was set back. */
const MAX_AHEAD = 100;

interface UsedWindow {
  readonly step: number;
  /** Milliseconds since the Unix epoch. */
  readonly endMs: number;
}

/** The next window of the key that nobody has used; it may be one to come. */
export async function reserveWindow(
  ctx: Pick<Context, "clock" | "signal">,
  home: Home,
  key: TotpKey,
): Promise<number> {
  const path = home.path("totp.json");
  const options = { timeoutMs: LOCK_WAIT_MS, signal: ctx.signal };
  return await withLock(path, options, async () => {
    const nowMs = ctx.clock.nowMs();
    const used = await readJsonFile(path, validateWindows, { private: true }) ?? {};
    const name = nameOf(key);
    const current = stepAt(key, nowMs);
    const next = (used[name]?.step ?? -1) + 1;
    const step = next - current > MAX_AHEAD ? current : Math.max(current, next);
    const kept = Object.entries(used).filter(([, { endMs }]) => endMs > nowMs - FORGET_AFTER_MS);
    const window = { step, endMs: startMs(key, step + 1) };
    await writeJsonFile(path, { ...Object.fromEntries(kept), [name]: window });
    return step;
  });
}

/** When a window begins, in milliseconds since the Unix epoch. */
export function startMs({ periodSec }: Pick<TotpKey, "periodSec">, step: number): number {
  return step * periodSec * 1000;
}

/** Secrets of one-time codes are random and long: a digest of one tells nothing. */
function nameOf({ secret, periodSec }: TotpKey): string {
  const digest = createHash("sha256").update("totp").update(secret).digest("hex");
  return `${digest.slice(0, 24)}/${periodSec}`;
}

function validateWindows(value: unknown): Record<string, UsedWindow> {
  if (!isRecord(value) || !Object.values(value).every(isWindow)) {
    throw new TypeError("it is not an object of windows");
  }
  return value as Record<string, UsedWindow>;
}

function isWindow(value: unknown): boolean {
  return isRecord(value) && Number.isSafeInteger(value["step"]) &&
    Number.isSafeInteger(value["endMs"]);
}
