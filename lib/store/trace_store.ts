/**
 * The captures and traces of one app, in SQLite. One file holds headers, marks and bodies; a capture is
 * added whole or not at all.
 */
import { createHash } from "node:crypto";
import { mkdirSync, openSync, statSync } from "node:fs";
import { closeSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { AppError } from "../base/error.ts";
import type { AuthMark, Exchange, HeaderList, NoiseReason, Trace } from "../http/exchange.ts";
import { prepareSchema } from "./trace_schema.ts";

/** What the importer knows about a recording. */
export interface NewCapture {
  /** Base name of the imported file. */
  readonly file: string;
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string;
  /** ISO 8601, UTC. */
  readonly importedAt: string;
  /** Name and version of the recorder. */
  readonly creator: string;
  /** Entries of the file that are no HTTP exchange. */
  readonly skipped: number;
  /** True when credentials were left out of the recording. */
  readonly sanitised: boolean;
}

export interface CaptureInfo extends NewCapture {
  /** `c_01`, … in the order of import. */
  readonly id: string;
  /** Number of traces. */
  readonly traces: number;
}

export interface NewTrace extends Exchange {
  readonly marks: readonly AuthMark[];
  readonly noise: NoiseReason | null;
}

export interface TraceFilter {
  readonly captureId?: string;
  /** Traces of trackers, static assets and preflights too. Default: false. */
  readonly includeNoise?: boolean;
}

type Row = Record<string, SQLOutputValue>;
type BodyMap = ReadonlyMap<number, Uint8Array>;

/** How long a writer waits for another process's transaction, in milliseconds. */
const BUSY_TIMEOUT_MS = 10_000;

const CAPTURE_COLUMNS =
  `c.*, (SELECT count(*) FROM traces t WHERE t.capture = c.seq) AS trace_count`;

export class TraceStore {
  readonly #db: DatabaseSync;
  readonly #path: string;

  private constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
  }

  /**
   * Opens `captures.db`, creating it (0600) unless `readOnly`. A file that is not there is read as an
   * empty one.
   *
   * @throws {AppError} `BAD_STORE` when the file is damaged or was written by a newer Keysmith.
   */
  static open(path: string, options: { readOnly?: boolean } = {}): TraceStore {
    const readOnly = options.readOnly ?? false;
    const inMemory = readOnly && !exists(path);
    if (!readOnly) createPrivate(path);
    return guarded(path, () => {
      // A reader also opens for writing: it may have to roll back what a killed importer left.
      const db = new DatabaseSync(inMemory ? ":memory:" : path, { timeout: BUSY_TIMEOUT_MS });
      try {
        prepareSchema(db, path);
        db.exec(`PRAGMA synchronous = FULL; PRAGMA query_only = ${readOnly ? "ON" : "OFF"}`);
        return new TraceStore(db, path);
      } catch (error) {
        db.close();
        throw error;
      }
    });
  }

  close(): void {
    this.#db.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Adds one capture in one transaction. `exchanges` must be in time order. */
  addCapture(meta: NewCapture, exchanges: Iterable<NewTrace>): CaptureInfo {
    return this.addCaptures([{ meta, exchanges }])[0]!;
  }

  /** Adds several captures in one transaction: when one of them throws, none is added. */
  addCaptures(
    captures: readonly { meta: NewCapture; exchanges: Iterable<NewTrace> }[],
  ): CaptureInfo[] {
    return guarded(this.#path, () => {
      this.#db.exec("BEGIN IMMEDIATE");
      try {
        const seqs = captures.map(({ meta, exchanges }) => this.#insertCapture(meta, exchanges));
        this.#db.exec("COMMIT");
        return seqs.map((seq) => this.#capture(seq));
      } catch (error) {
        if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
        throw error;
      }
    });
  }

  /** All captures in the order of import. */
  captures(): CaptureInfo[] {
    return guarded(
      this.#path,
      () =>
        this.#db.prepare(`SELECT ${CAPTURE_COLUMNS} FROM captures c ORDER BY c.seq`).all()
          .map(captureFromRow),
    );
  }

  /** Traces in time order; those that take no part in analysis only with `includeNoise`. */
  traces(filter: TraceFilter = {}): Trace[] {
    return guarded(this.#path, () => {
      const { where, values } = conditions(filter);
      const bodies = this.#bodies(where, values);
      return this.#db.prepare(`SELECT * FROM traces ${where} ORDER BY started_at_ms, seq`)
        .all(...values).map((row) => traceFromRow(row, bodies));
    });
  }

  trace(id: string): Trace | null {
    const seq = seqOf("t", id);
    if (seq === null) return null;
    return guarded(this.#path, () => {
      const row = this.#db.prepare("SELECT * FROM traces WHERE seq = ?").get(seq);
      return row === undefined ? null : traceFromRow(row, this.#bodies("WHERE seq = ?", [seq]));
    });
  }

  #capture(seq: number): CaptureInfo {
    const row = this.#db.prepare(`SELECT ${CAPTURE_COLUMNS} FROM captures c WHERE c.seq = ?`)
      .get(seq);
    return captureFromRow(row!);
  }

  #insertCapture(meta: NewCapture, exchanges: Iterable<NewTrace>): number {
    const capture = Number(
      this.#db.prepare(
        `INSERT INTO captures (file, sha256, imported_at, creator, skipped, sanitised)
         VALUES (?, ?, ?, ?, ?, ?)`,
      ).run(
        meta.file,
        meta.sha256,
        meta.importedAt,
        meta.creator,
        meta.skipped,
        meta.sanitised ? 1 : 0,
      ).lastInsertRowid,
    );
    const bodies = new BodyWriter(this.#db);
    const insert = this.#db.prepare(
      `INSERT INTO traces (capture, started_at_ms, method, url, request_headers, request_body,
         status, response_headers, response_body, marks, noise)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    for (const exchange of exchanges) insertTrace(insert, capture, exchange, bodies);
    return capture;
  }

  /** The bodies of the selected traces by their row id: each is read once and shared. */
  #bodies(where: string, values: (string | number)[]): BodyMap {
    const rows = this.#db.prepare(
      `SELECT id, bytes FROM bodies WHERE id IN (
         SELECT request_body FROM traces ${where} UNION SELECT response_body FROM traces ${where})`,
    ).all(...values, ...values);
    return new Map(rows.map((row) => [Number(row["id"]), row["bytes"] as Uint8Array]));
  }
}

/** Stores each distinct body once, over all captures of the app. */
class BodyWriter {
  readonly #find: StatementSync;
  readonly #insert: StatementSync;

  constructor(db: DatabaseSync) {
    this.#find = db.prepare("SELECT id FROM bodies WHERE sha256 = ?");
    this.#insert = db.prepare("INSERT INTO bodies (sha256, bytes) VALUES (?, ?)");
  }

  /** The row id of the body; `null` for no body. */
  idOf(body: Uint8Array | null): number | null {
    if (body === null) return null;
    const sha256 = createHash("sha256").update(body).digest("hex");
    const known = this.#find.get(sha256);
    if (known !== undefined) return Number(known["id"]);
    return Number(this.#insert.run(sha256, body).lastInsertRowid);
  }
}

function insertTrace(
  insert: StatementSync,
  capture: number,
  { startedAtMs, request, response, marks, noise }: NewTrace,
  bodies: BodyWriter,
): void {
  insert.run(
    capture,
    startedAtMs,
    request.method,
    request.url,
    JSON.stringify(request.headers),
    bodies.idOf(request.body),
    response?.status ?? null,
    response === null ? null : JSON.stringify(response.headers),
    bodies.idOf(response?.body ?? null),
    JSON.stringify(marks),
    noise,
  );
}

function traceFromRow(row: Row, bodies: BodyMap): Trace {
  const body = (column: string) =>
    row[column] === null ? null : bodies.get(Number(row[column])) ?? null;
  const status = row["status"];
  return {
    id: idOf("t", row["seq"], 4),
    captureId: idOf("c", row["capture"], 2),
    startedAtMs: Number(row["started_at_ms"]),
    request: {
      method: String(row["method"]),
      url: String(row["url"]),
      headers: headersOf(row["request_headers"]),
      body: body("request_body"),
    },
    response: status === null ? null : {
      status: Number(status),
      headers: headersOf(row["response_headers"]),
      body: body("response_body"),
    },
    marks: JSON.parse(String(row["marks"])) as AuthMark[],
    noise: row["noise"] as NoiseReason | null,
  };
}

function captureFromRow(row: Row): CaptureInfo {
  return {
    id: idOf("c", row["seq"], 2),
    file: String(row["file"]),
    sha256: String(row["sha256"]),
    importedAt: String(row["imported_at"]),
    creator: String(row["creator"]),
    traces: Number(row["trace_count"]),
    skipped: Number(row["skipped"]),
    sanitised: row["sanitised"] === 1,
  };
}

function headersOf(column: SQLOutputValue | undefined): HeaderList {
  return JSON.parse(String(column)) as HeaderList;
}

function idOf(prefix: "t" | "c", seq: SQLOutputValue | undefined, digits: number): string {
  return `${prefix}_${String(seq).padStart(digits, "0")}`;
}

function seqOf(prefix: "t" | "c", id: string): number | null {
  const match = /^([tc])_(\d{1,9})$/.exec(id);
  return match?.[1] === prefix ? Number(match[2]) : null;
}

function conditions(filter: TraceFilter): { where: string; values: (string | number)[] } {
  const terms: string[] = [];
  const values: number[] = [];
  if (filter.captureId !== undefined) {
    terms.push("capture = ?");
    values.push(seqOf("c", filter.captureId) ?? -1);
  }
  if (!filter.includeNoise) terms.push("noise IS NULL");
  return { where: terms.length === 0 ? "" : `WHERE ${terms.join(" AND ")}`, values };
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** SQLite would create the file with the umask's mode; its journal takes the mode of the file. */
function createPrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (!exists(path)) closeSync(openSync(path, "a", 0o600));
}

/** Turns SQLite's own failures into errors that name the file. */
function guarded<T>(path: string, work: () => T): T {
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
