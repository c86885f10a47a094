/**
 * The captures and traces of one app, in SQLite. One file holds headers, marks and bodies; a capture is
 * added whole or not at all.
 */
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AppError } from "../base/error.ts";
import type { Trace } from "../http/exchange.ts";
import type { CaptureInfo, NewCapture, NewTrace } from "./capture_info.ts";
import {
  type CaptureHoldings,
  type CaptureSizes,
  deleteCapture,
  forgetBodies,
  holdingsOf,
  sizesOf,
} from "./capture_contents.ts";
import { type CaptureHead, CaptureWriter } from "./capture_writer.ts";
import { joinCaptures, type JoinedCapture } from "./join_captures.ts";
import { BUSY_TIMEOUT_MS, namingStore, storeError } from "./sqlite_error.ts";
import {
  type BodyMap,
  captureFromRow,
  frameFromRow,
  readBodies,
  selectTraces,
  seqOf,
  TraceReader,
  TraceWriter,
} from "./trace_rows.ts";
import { conditions, type TraceFilter } from "./trace_filter.ts";
import type { SocketFrame } from "./socket_frame.ts";
import { removeIfEmpty } from "./remove_if_empty.ts";
import { createPrivate, exists, inodeOf } from "./store_file.ts";
import { forgetStoreHolder, nameStoreHolder } from "./store_holder.ts";
import { prepareSchema } from "./trace_schema.ts";
import type { TypedField } from "./typed_field.ts";

export type { CaptureHoldings, CaptureInfo, NewCapture, NewTrace };

/** Pages kept in memory: the index of a large recording's bodies is written all over. */
const CACHE_KB = 16_000;

const CAPTURE_COLUMNS =
  `c.*, (SELECT count(*) FROM traces t WHERE t.capture = c.seq) AS trace_count`;

export class TraceStore {
  readonly #db: DatabaseSync;
  readonly #path: string;
  /** Which file it is: another process may remove one that holds nothing. */
  readonly #inode: number | undefined;

  private constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
    this.#inode = inodeOf(path);
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
        db.exec(
          `PRAGMA synchronous = FULL; PRAGMA cache_size = -${CACHE_KB}; PRAGMA query_only = ${
            readOnly ? "ON" : "OFF"
          }`,
        );
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

  /** Adds one capture in one transaction. */
  addCapture(meta: NewCapture, exchanges: Iterable<NewTrace>): CaptureInfo {
    return this.#whole(() => {
      const writer = this.newCapture(meta);
      for (const exchange of exchanges) writer.write(exchange);
      return this.capture(writer.finish(meta));
    });
  }

  /**
   * Runs `work`, which adds captures by `newCapture()`, in one transaction: when it throws, none of them is
   * added. Other processes that write wait until it is done.
   */
  async adding<T>(work: () => Promise<T>): Promise<T> {
    this.#begin();
    try {
      const result = await work();
      namingStore(this.#path, () => this.#end("COMMIT"));
      return result;
    } catch (error) {
      this.#end("ROLLBACK");
      throw storeError(this.#path, error) ?? error;
    }
  }

  /**
   * Closes the store and removes its file where it holds no capture, and the folder where that held nothing else:
   * what an import that failed would leave of a new app.
   */
  discardEmpty(): void {
    this.#begin();
    const isEmpty = this.captures().length === 0;
    // Nobody else can write now; who waits to do so finds the file gone. Windows removes no open file.
    if (isEmpty && Deno.build.os !== "windows") rmSync(this.#path);
    this.#end("ROLLBACK");
    this.close();
    if (!isEmpty) return;
    rmSync(this.#path, { force: true });
    removeIfEmpty(dirname(this.#path));
  }

  /** A capture to be written; nothing of it is kept before the transaction around it ends. */
  newCapture(head: CaptureHead): CaptureWriter {
    return new CaptureWriter(this.#db, head);
  }

  /** Makes one capture of each group, inside the `adding()` that added them all; the new id of each. */
  joinCaptures(recordings: readonly JoinedCapture[]): Map<string, string> {
    return joinCaptures(this.#db, recordings);
  }

  /** The capture of the file with this SHA-256; `null` when there is none. */
  captureOf(sha256: string): CaptureInfo | null {
    const row = this.#db.prepare(
      `SELECT seq FROM captures WHERE sha256 = ?1
       UNION SELECT capture FROM capture_files WHERE sha256 = ?1`,
    ).get(sha256);
    return row === undefined ? null : this.capture(Number(row["seq"]));
  }

  /** By the number that `finish()` of a writer gave. */
  capture(seq: number): CaptureInfo {
    const row = this.#db.prepare(`SELECT ${CAPTURE_COLUMNS} FROM captures c WHERE c.seq = ?`)
      .get(seq);
    return captureFromRow(row!);
  }

  captureById(id: string): CaptureInfo | null {
    return this.captures().find((capture) => capture.id === id) ?? null;
  }

  /** How much of a capture is not noise. */
  sizesOf(captureId: string): CaptureSizes {
    return namingStore(this.#path, () => sizesOf(this.#db, seqOf("c", captureId) ?? -1));
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
    this.#erasing((db) => deleteCapture(db, seqOf("c", captureId) ?? -1));
  }

  /** Removes what the traces of a capture sent and were answered, and what was typed into its fields. */
  forgetBodies(captureId: string): void {
    this.#erasing((db) => forgetBodies(db, seqOf("c", captureId) ?? -1));
  }

  /** What of a capture is worth guarding. */
  holdings(captureId: string): CaptureHoldings {
    return namingStore(this.#path, () => holdingsOf(this.#db, seqOf("c", captureId) ?? -1));
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
      const bodies: BodyMap = filter.withoutBodies
        ? new Map()
        : readBodies(this.#db, where, values, filter.maxBodyBytes);
      const reader = new TraceReader(bodies);
      const rows = selectTraces(this.#db, `${where} ORDER BY started_at_ms, seq`)
        .iterate(...values);
      return Array.from(rows, (row) => reader.read(row));
    });
  }

  /** As `traces` without bodies, one after another. */
  *heads(): Generator<Trace> {
    const reader = new TraceReader(new Map());
    const rows = selectTraces(this.#db, "WHERE noise IS NULL ORDER BY started_at_ms, seq");
    for (const row of rows.iterate()) yield reader.read(row);
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
      const row = selectTraces(this.#db, "WHERE seq = ?").get(seq);
      if (row === undefined) return null;
      return new TraceReader(readBodies(this.#db, "WHERE seq = ?", [seq])).read(row);
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
      this.#begin();
      try {
        const result = work();
        this.#end("COMMIT");
        return result;
      } catch (error) {
        this.#end("ROLLBACK");
        throw error;
      }
    });
  }

  /** What is removed may hold passwords: its pages are overwritten. VACUUM would need ATTACH, which is refused. */
  #erasing(work: (db: DatabaseSync) => void): void {
    this.#db.exec("PRAGMA secure_delete = ON");
    this.#whole(() => work(this.#db));
  }

  #begin(): void {
    namingStore(this.#path, () => this.#db.exec("BEGIN IMMEDIATE"));
    if (inodeOf(this.#path) === this.#inode) return nameStoreHolder(this.#path);
    this.#end("ROLLBACK");
    throw new AppError("LOCKED", `Another keysmith process removed "${this.#path}"`, {
      hint: "Run the command again",
      details: { file: this.#path },
    });
  }

  #end(how: "COMMIT" | "ROLLBACK"): void {
    if (this.#db.isTransaction) this.#db.exec(how);
    forgetStoreHolder(this.#path);
  }
}
