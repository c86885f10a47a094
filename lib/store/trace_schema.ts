/** The schema of `captures.db`, and what it takes to open a file that has it. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../base/error.ts";

/** Written to `PRAGMA user_version`; a file with a higher one was written by a newer Keysmith. */
const SCHEMA_VERSION = 5;

/**
 * `seq` numbers the traces of the app: `t_0001` is 1. Bodies are kept once however many traces carry
 * them; single-page apps fetch the same configuration over and over.
 */
const SCHEMA = `
  CREATE TABLE captures (
    seq INTEGER PRIMARY KEY,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    imported_at TEXT NOT NULL,
    creator TEXT NOT NULL,
    skipped INTEGER NOT NULL,
    sanitised INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE bodies (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    bytes BLOB NOT NULL
  ) STRICT;
  CREATE TABLE traces (
    seq INTEGER PRIMARY KEY,
    capture INTEGER NOT NULL REFERENCES captures (seq),
    started_at_ms REAL NOT NULL,
    method TEXT NOT NULL,
    url TEXT NOT NULL,
    request_headers TEXT NOT NULL,
    request_body INTEGER REFERENCES bodies (id),
    status INTEGER,
    response_headers TEXT,
    response_body INTEGER REFERENCES bodies (id),
    marks TEXT NOT NULL,
    noise TEXT
  ) STRICT;
  CREATE INDEX traces_in_time_order ON traces (started_at_ms, seq);
`;

/**
 * What a browser of Keysmith's own records beyond exchanges; other recordings leave it empty. `typed` is a JSON
 * list of `TypedField`.
 */
const SECOND_SCHEMA = `
  ALTER TABLE captures ADD COLUMN typed TEXT;
  CREATE TABLE frames (
    trace INTEGER NOT NULL REFERENCES traces (seq),
    at_ms REAL NOT NULL,
    sender TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload BLOB NOT NULL
  ) STRICT;
  CREATE INDEX frames_by_trace ON frames (trace, at_ms);
`;

/**
 * The highest numbers that removed captures and traces had: scripts, tools and people may still name them, so
 * nothing else gets one of them.
 */
const THIRD_SCHEMA = `
  CREATE TABLE spent (capture INTEGER NOT NULL, trace INTEGER NOT NULL) STRICT;
`;

/** Whether the bodies of a capture go once its login is proven, and whether they are gone. */
const FOURTH_SCHEMA = `
  ALTER TABLE captures ADD COLUMN forget INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE captures ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;
`;

/** The files of a capture beside the one it is named for, where several were given together. */
const FIFTH_SCHEMA = `
  CREATE TABLE capture_files (
    sha256 TEXT PRIMARY KEY,
    capture INTEGER NOT NULL REFERENCES captures (seq)
  ) STRICT;
`;

/**
 * Creates the tables in an empty file, and in one of an older Keysmith those it lacks.
 *
 * @throws {AppError} `BAD_STORE` when a newer Keysmith wrote the file.
 */
export function prepareSchema(db: DatabaseSync, path: string): void {
  // The version is read again inside the transaction: another process may be creating the tables.
  if (schemaVersion(db) === SCHEMA_VERSION) return;
  db.exec("BEGIN IMMEDIATE");
  try {
    const version = schemaVersion(db);
    if (version > SCHEMA_VERSION) throw newerStore(path, version);
    if (version < 1) db.exec(SCHEMA);
    if (version < 2) db.exec(SECOND_SCHEMA);
    if (version < 3) db.exec(THIRD_SCHEMA);
    if (version < 4) db.exec(FOURTH_SCHEMA);
    if (version < 5) db.exec(FIFTH_SCHEMA);
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    db.exec("COMMIT");
  } catch (error) {
    // On a full or failing disk SQLite has done so by itself (https://www.sqlite.org/lang_transaction.html).
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

function schemaVersion(db: DatabaseSync): number {
  return Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
}

function newerStore(path: string, version: number): AppError {
  return new AppError("BAD_STORE", `"${path}" was written by a newer keysmith`, {
    hint: "Update keysmith, or give another --home",
    details: { file: path, version },
  });
}
