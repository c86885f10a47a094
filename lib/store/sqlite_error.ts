/** SQLite's own failures as errors that name the file. Result codes: https://www.sqlite.org/rescode.html */
import { AppError } from "../base/error.ts";
import { describeHolder, holderHint } from "./lock_holder.ts";
import { storeHolder } from "./store_holder.ts";

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

/** What SQLite reported as an error that names the file; `null` for any other error. */
export function storeError(path: string, error: unknown): AppError | null {
  const primary = primaryCode(error);
  if (primary === undefined) return null;
  if (primary === 5 || primary === 6) return busyError(path, error);
  if (primary === 11 || primary === 26) {
    return new AppError("BAD_STORE", `"${path}" is damaged or is not a capture store`, {
      hint: "Move the file away and import the recordings again with keysmith capture import",
      details: { file: path },
      cause: error,
    });
  }
  const fault = FAULTS[primary];
  if (fault === undefined) return null;
  const [problem, hint] = fault;
  return new AppError("BAD_STORE", `"${path}" ${problem}`, {
    hint,
    details: { file: path },
    cause: error,
  });
}

/** The runtime gives errors of `prepare()` and `run()` their code, those of `exec()` only the text. */
function primaryCode(error: unknown): number | undefined {
  const { code, errcode, message } = error as Record<"code" | "errcode" | "message", unknown>;
  if (typeof errcode === "number") return errcode & 0xff;
  return code === "ERR_SQLITE_ERROR"
    ? CODE_OF_TEXT.get(String(message).split(": ")[0]!)
    : undefined;
}

/** `sqlite3_errstr()`, with which `sqlite3_errmsg()` begins for faults that do not lie in the statement. */
const CODE_OF_TEXT: ReadonlyMap<string, number> = new Map([
  ["database is locked", 5],
  ["database table is locked", 6],
  ["database schema is locked", 6],
  ["out of memory", 7],
  ["attempt to write a readonly database", 8],
  ["disk I/O error", 10],
  ["database disk image is malformed", 11],
  ["database or disk is full", 13],
  ["unable to open database file", 14],
  ["locking protocol", 15],
  ["string or blob too big", 18],
  ["large file support is disabled", 22],
  ["file is not a database", 26],
]);

function busyError(path: string, cause: unknown): AppError {
  const holder = storeHolder(path);
  const details = { file: path, waitedMs: BUSY_TIMEOUT_MS };
  if (holder !== null) {
    return new AppError("LOCKED", `${describeHolder(holder)} is writing to "${path}"`, {
      hint: holderHint(holder),
      details: { ...details, holder },
      cause,
    });
  }
  // A file system without locks is busy to SQLite, too (`sqliteErrorFromPosixError()` of its os_unix.c).
  const problem = "is locked: another process writes to it, or its file system has no locks";
  return new AppError("LOCKED", `"${path}" ${problem}`, {
    hint: `Wait until that process is done, or keep the home on a local disk: ${OTHER_HOME}`,
    details,
    cause,
  });
}

const OTHER_HOME = "--home or KEYSMITH_HOME chooses another home";

/** Faults of the disk, by primary result code. */
const FAULTS: Readonly<Record<number, readonly [problem: string, hint: string]>> = {
  7: ["needs more memory than there is", "End other programs, or import the recording in parts"],
  8: ["can only be read", `Make it writable; ${OTHER_HOME}`],
  10: [
    "cannot be read, written or locked: the disk fails",
    `Check the disk; one of the network may have no locks, so keep the home on a local one: ${OTHER_HOME}`,
  ],
  13: [
    "cannot grow: the disk is full",
    `Free some space, then run the command again; ${OTHER_HOME}`,
  ],
  14: ["cannot be opened", `Check its folder and who owns it; ${OTHER_HOME}`],
  15: ["cannot be locked by this file system", `Keep the home on a local disk; ${OTHER_HOME}`],
  18: ["cannot take a text or recording this large", "Record less at once"],
  22: ["is larger than this file system allows", `Keep the home on another disk; ${OTHER_HOME}`],
};
