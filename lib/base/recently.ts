/**
 * What a server looked at moments ago it does not look at again: thousands of calls a second that each read the
 * times of the same ten files spend more on that than on the calls. Lists always look anew, see `lookAnew`.
 */
import type { Context, HeldConfig } from "./context.ts";

/** Shorter than anybody notices, longer than hundreds of calls take. In milliseconds. */
const RECENT_MS = 50;

type ServerContext = Pick<Context, "heldConfig">;

interface Look {
  readonly atMs: number;
  readonly value: Promise<unknown>;
}

const looks = new WeakMap<HeldConfig, Map<string, Look>>();

/** `look()`, or in a server what it answered to any call within the last moments. Failures are not kept. */
export function recently<T>(
  { heldConfig }: ServerContext,
  key: string,
  look: () => Promise<T>,
): Promise<T> {
  if (heldConfig === undefined) return look();
  let known = looks.get(heldConfig);
  if (known === undefined) looks.set(heldConfig, known = new Map());
  const last = known.get(key);
  const nowMs = Date.now();
  if (last !== undefined && nowMs - last.atMs < RECENT_MS) return last.value as Promise<T>;
  const value = look();
  const own: Look = { atMs: nowMs, value };
  known.set(key, own);
  value.catch(() => known.get(key) === own && known.delete(key));
  return value;
}

/** From now on everything is looked at again. */
export function lookAnew({ heldConfig }: ServerContext): void {
  if (heldConfig !== undefined) looks.delete(heldConfig);
}
