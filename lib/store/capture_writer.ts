/**
 * Adds one capture to a store while its recording is still being read: what is known at the end only is filled
 * in by `finish()`. Lives inside a transaction of `TraceStore`.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Exchange } from "../http/exchange.ts";
import type { NewCapture, NewTrace } from "./capture_info.ts";
import { nextNumber } from "./spent_numbers.ts";
import { numberByTime } from "./number_by_time.ts";
import { TraceWriter } from "./trace_rows.ts";

/** What is known of a capture before its first exchange was read. */
export type CaptureHead = Pick<NewCapture, "file" | "sha256" | "importedAt" | "forgetsBodies">;

/** What is known once all of it was read. */
export type CaptureTail = Omit<NewCapture, keyof CaptureHead>;

/** An exchange with what was found out about it; without a time where the recorder wrote none. */
export type UntimedTrace =
  & Omit<NewTrace, keyof Exchange>
  & Pick<Exchange, "request" | "response">
  & {
    readonly startedAtMs: number | null;
  };

export class CaptureWriter {
  readonly #db: DatabaseSync;
  readonly #traces: TraceWriter;
  readonly #seq: number;
  /** Time of the last exchange that has one. */
  #lastMs: number | null = null;
  #isInOrder = true;
  #count = 0;

  constructor(db: DatabaseSync, head: CaptureHead) {
    this.#db = db;
    this.#seq = Number(
      db.prepare(
        `INSERT INTO captures (seq, file, sha256, imported_at, forget, creator, skipped, sanitised)
         VALUES (${nextNumber("captures")}, ?, ?, ?, ?, '', 0, 0)`,
      ).run(head.file, head.sha256, head.importedAt, head.forgetsBodies ? 1 : 0).lastInsertRowid,
    );
    this.#traces = new TraceWriter(db, this.#seq);
  }

  /** Exchanges so far. */
  get count(): number {
    return this.#count;
  }

  /**
   * Adds the next exchange of the recording. One without a time follows the one before it; the first ones stand
   * at the time of the first that has one.
   */
  write(trace: UntimedTrace): void {
    const ms = trace.startedAtMs;
    if (ms !== null && this.#lastMs === null && this.#count > 0) this.#dateAll(ms);
    if (ms !== null && this.#lastMs !== null && ms < this.#lastMs) this.#isInOrder = false;
    this.#lastMs = ms ?? this.#lastMs;
    this.#traces.write({ ...trace, startedAtMs: this.#lastMs ?? 0 });
    this.#count++;
  }

  /** The number of the capture. */
  finish({ creator, skipped, sanitised, typed }: CaptureTail): number {
    if (!this.#isInOrder) numberByTime(this.#db, this.#seq);
    this.#db.prepare(
      "UPDATE captures SET creator = ?, skipped = ?, sanitised = ?, typed = ? WHERE seq = ?",
    ).run(
      creator,
      skipped,
      sanitised ? 1 : 0,
      typed === undefined ? null : JSON.stringify(typed),
      this.#seq,
    );
    return this.#seq;
  }

  #dateAll(ms: number): void {
    this.#db.prepare("UPDATE traces SET started_at_ms = ? WHERE capture = ?").run(ms, this.#seq);
  }
}
