/** SQLite's own failures as errors that name the file. Result codes: https://www.sqlite.org/rescode.html */
import { AppError } from "../base/error.ts";

/** How long a connection waits for another process's transaction, in milliseconds. */
export const BUSY_TIMEOUT_MS = 10_000;

/** Turns SQLite's own failures into errors that name the file. */
export function namingStore<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeError(path, error) ?? error;
  }
}

/** Result codes: https://www.sqlite.org/rescode.html */
function storeError(path: string, error: unknown): AppError | null {
  const code = (error as { errcode?: unknown }).errcode;
  if (typeof code !== "number") return null;
  const primary = code & 0xff;
  if (primary === 5 || primary === 6) {
    return new AppError("LOCKED", `Another keysmith process is writing to "${path}"`, {
      hint: "Wait until it is done or end it, then run the command again",
      details: { file: path, waitedMs: BUSY_TIMEOUT_MS },
      cause: error,
    });
  }
  if (primary === 11 || primary === 26) {
    return new AppError("BAD_STORE", `"${path}" is damaged or is no capture store`, {
      hint: "Move the file away and import the recordings again with keysmith capture import",
      details: { file: path },
      cause: error,
    });
  }
  return null;
}
