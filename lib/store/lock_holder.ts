/**
 * Who holds a lock, written into the lock file by its holder. It is told to those who wait in vain and decides
 * nothing: the kernel alone knows whether the lock is held. Where the file cannot be written, a full disk say,
 * the lock holds as well, and its holder stays unnamed.
 */
import { isRecord, parseJson } from "../base/json.ts";

export interface LockHolder {
  readonly pid: number;
  /** ISO 8601, by this machine's clock. */
  readonly since: string;
}

/** `file` is the lock file, locked by this process. */
export function nameHolder(file: Deno.FsFile): void {
  try {
    file.truncateSync();
    file.seekSync(0, Deno.SeekMode.Start);
    file.writeSync(new TextEncoder().encode(holderText()));
  } catch {
    // The lock is held all the same.
  }
}

/** As it is written down, with a line feed. */
export function holderText(): string {
  const holder: LockHolder = { pid: Deno.pid, since: new Date().toISOString() };
  return `${JSON.stringify(holder)}\n`;
}

/** `null` where none is named, or the system lets nobody else read a locked file (Windows). */
export async function readHolder(lockPath: string): Promise<LockHolder | null> {
  return holderIn(await Deno.readTextFile(lockPath).catch(() => ""));
}

export function holderIn(text: string): LockHolder | null {
  const value = parseJson(text);
  if (!isRecord(value)) return null;
  const { pid, since } = value;
  if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0) return null;
  return typeof since === "string" && !Number.isNaN(Date.parse(since)) ? { pid, since } : null;
}

/** The command that frees what somebody holds. */
export function holderHint(holder: LockHolder | null): string {
  return holder === null || holder.pid === Deno.pid
    ? "Wait until it is done or end it, then run the command again"
    : `Wait until it is done, or end process ${holder.pid}, then run the command again`;
}

/** `The keysmith process 4242, since 2026-03-01T08:00:00.000Z,`: the subject of a sentence. */
export function describeHolder({ pid, since }: LockHolder): string {
  const who = pid === Deno.pid ? "This very process" : `The keysmith process ${pid}`;
  return `${who}, at work since ${since},`;
}
