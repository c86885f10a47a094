/**
 * The captures and traces of one app, in SQLite. One file holds headers, marks and bodies; a capture is
 * added whole or not at all.
 */
import { closeSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Trace } from "../http/exchange.ts";
import type { CaptureInfo, NewCapture, NewTrace } from "./capture_info.ts";
import { BUSY_TIMEOUT_MS, namingStore } from "./sqlite_error.ts";
import {
  type BodyMap,
  captureFromRow,
  frameFromRow,
  seqOf,
  traceFromRow,
  TraceWriter,
} from "./trace_rows.ts";
import type { SocketFrame } from "./socket_frame.ts";
import { prepareSchema } from "./trace_schema.ts";
import type { TypedField } from "./typed_field.ts";

export type { CaptureInfo, NewCapture, NewTrace };

export interface TraceFilter {
  readonly captureId?: string;
  /** Traces of trackers, static assets and preflights too. Default: false. */
  readonly includeNoise?: boolean;
  /** Leave every body `null`, for who looks at the heads of many traces. Default: false. */
  readonly withoutBodies?: boolean;
}

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
    return namingStore(path, () => {
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
    return this.addCaptures([{ meta, exchanges }])[0]!.capture;
  }

  /**
   * Adds several captures in one transaction: when one of them throws, none is added. One whose SHA-256
   * is known already is not added again; its `capture` is the known one.
   */
  addCaptures(
    captures: readonly { meta: NewCapture; exchanges: Iterable<NewTrace> }[],
  ): { capture: CaptureInfo; added: boolean }[] {
    return this.#whole(() =>
      captures.map(({ meta, exchanges }) => {
        const known = this.#seqOfCapture(meta.sha256);
        const seq = known ?? this.#insertCapture(meta, exchanges);
        return { capture: this.#capture(seq), added: known === null };
      })
    );
  }

  /** Adds traces to a capture that is still being recorded; they may be in any order. */
  appendTraces(captureId: string, exchanges: readonly NewTrace[]): void {
    this.#whole(() => {
      const writer = new TraceWriter(this.#db, seqOf("c", captureId)!);
      for (const exchange of exchanges) writer.write(exchange);
    });
  }

  /** Removes a capture with its traces and the bodies that no other trace has. */
  removeCapture(captureId: string): void {
    const seq = seqOf("c", captureId) ?? -1;
    // What is removed may hold passwords: its pages are overwritten. VACUUM would need a database attached,
    // which the runtime refuses.
    this.#db.exec("PRAGMA secure_delete = ON");
    this.#whole(() => {
      const ofCapture = "(SELECT seq FROM traces WHERE capture = ?)";
      this.#db.prepare(`DELETE FROM frames WHERE trace IN ${ofCapture}`).run(seq);
      this.#db.prepare("DELETE FROM traces WHERE capture = ?").run(seq);
      this.#db.prepare("DELETE FROM captures WHERE seq = ?").run(seq);
      this.#db.exec(`DELETE FROM bodies WHERE id NOT IN (
        SELECT request_body FROM traces WHERE request_body IS NOT NULL
        UNION SELECT response_body FROM traces WHERE response_body IS NOT NULL)`);
    });
  }

  /** All captures in the order of import. */
  captures(): CaptureInfo[] {
    return namingStore(
      this.#path,
      () =>
        this.#db.prepare(`SELECT ${CAPTURE_COLUMNS} FROM captures c ORDER BY c.seq`).all()
          .map(captureFromRow),
    );
  }

  /** Traces in time order; those that take no part in analysis only with `includeNoise`. */
  traces(filter: TraceFilter = {}): Trace[] {
    return namingStore(this.#path, () => {
      const { where, values } = conditions(filter);
      const bodies: BodyMap = filter.withoutBodies ? new Map() : this.#bodies(where, values);
      return this.#db.prepare(`SELECT * FROM traces ${where} ORDER BY started_at_ms, seq`)
        .all(...values).map((row) => traceFromRow(row, bodies));
    });
  }

  /** As `traces` with noise, one after another: for who needs no more than one in memory. */
  *eachTrace(): Generator<Trace> {
    const ids = this.#db.prepare("SELECT seq FROM traces ORDER BY started_at_ms, seq").all();
    for (const { seq } of ids) yield this.trace(`t_${seq}`)!;
  }

  trace(id: string): Trace | null {
    const seq = seqOf("t", id);
    if (seq === null) return null;
    return namingStore(this.#path, () => {
      const row = this.#db.prepare("SELECT * FROM traces WHERE seq = ?").get(seq);
      return row === undefined ? null : traceFromRow(row, this.#bodies("WHERE seq = ?", [seq]));
    });
  }

  /** Messages of the WebSocket that the trace opened, in time order; empty for any other. */
  frames(traceId: string): SocketFrame[] {
    return namingStore(
      this.#path,
      () =>
        this.#db.prepare("SELECT * FROM frames WHERE trace = ? ORDER BY at_ms")
          .all(seqOf("t", traceId) ?? -1).map(frameFromRow),
    );
  }

  /** What was typed into fields of logins while the capture was recorded, where the recorder saw it. */
  typedFields(captureId: string): TypedField[] {
    return namingStore(this.#path, () => {
      const row = this.#db.prepare("SELECT typed FROM captures WHERE seq = ?")
        .get(seqOf("c", captureId) ?? -1);
      const typed = row?.["typed"] ?? null;
      return typed === null ? [] : JSON.parse(String(typed)) as TypedField[];
    });
  }

  /** Runs `work` in one transaction: when it throws, nothing of it is kept. */
  #whole<T>(work: () => T): T {
    return namingStore(this.#path, () => {
      this.#db.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        this.#db.exec("COMMIT");
        return result;
      } catch (error) {
        if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
        throw error;
      }
    });
  }

  #seqOfCapture(sha256: string): number | null {
    const row = this.#db.prepare("SELECT seq FROM captures WHERE sha256 = ?").get(sha256);
    return row === undefined ? null : Number(row["seq"]);
  }

  #capture(seq: number): CaptureInfo {
    const row = this.#db.prepare(`SELECT ${CAPTURE_COLUMNS} FROM captures c WHERE c.seq = ?`)
      .get(seq);
    return captureFromRow(row!);
  }

  #insertCapture(meta: NewCapture, exchanges: Iterable<NewTrace>): number {
    const capture = Number(
      this.#db.prepare(
        `INSERT INTO captures (file, sha256, imported_at, creator, skipped, sanitised, typed)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ).run(
        meta.file,
        meta.sha256,
        meta.importedAt,
        meta.creator,
        meta.skipped,
        meta.sanitised ? 1 : 0,
        meta.typed === undefined ? null : JSON.stringify(meta.typed),
      ).lastInsertRowid,
    );
    const writer = new TraceWriter(this.#db, capture);
    for (const exchange of exchanges) writer.write(exchange);
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
