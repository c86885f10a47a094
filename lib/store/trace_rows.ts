/** Traces, captures and bodies as rows of `captures.db`, in both directions. */
import { createHash } from "node:crypto";
import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import type { AuthMark, HeaderList, NoiseReason, Trace } from "../http/exchange.ts";
import type { CaptureInfo, NewTrace } from "./capture_info.ts";
import type { SocketFrame } from "./socket_frame.ts";
import { nextNumber } from "./spent_numbers.ts";

type Row = Record<string, SQLOutputValue>;
/** Bodies by row id; a body of several traces is there once. */
export type BodyMap = ReadonlyMap<number, Uint8Array>;

/** What `TraceReader` reads, in this order. */
const TRACE_COLUMNS =
  "seq, capture, started_at_ms, method, url, request_headers, request_body, status, response_headers, response_body, marks, noise";
/** Headers remembered while traces are read: each keeps the text of its whole list in memory, some kilobytes. */
const MAX_HEADERS = 1_000;
const NO_MARKS: readonly AuthMark[] = [];

/** The bodies of the selected traces: each is read once and shared. */
export function readBodies(
  db: DatabaseSync,
  where: string,
  values: (string | number)[],
  maxBytes = Number.MAX_SAFE_INTEGER,
): BodyMap {
  const statement = prepareForArrays(
    db,
    `SELECT id, bytes FROM bodies WHERE length(bytes) <= ? AND id IN (
       SELECT request_body FROM traces ${where} UNION SELECT response_body FROM traces ${where})`,
  );
  const rows = statement.iterate(maxBytes, ...values, ...values);
  return new Map(rows as Iterable<unknown> as Iterable<[number, Uint8Array]>);
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

/** Writes the traces of one capture with their bodies and frames. */
export class TraceWriter {
  readonly #capture: number;
  readonly #bodies: BodyWriter;
  readonly #trace: StatementSync;
  readonly #frame: StatementSync;

  constructor(db: DatabaseSync, capture: number) {
    this.#capture = capture;
    this.#bodies = new BodyWriter(db);
    this.#trace = db.prepare(
      `INSERT INTO traces (seq, capture, started_at_ms, method, url, request_headers, request_body,
         status, response_headers, response_body, marks, noise)
       VALUES (${nextNumber("traces")}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#frame = db.prepare(
      "INSERT INTO frames (trace, at_ms, sender, kind, payload) VALUES (?, ?, ?, ?, ?)",
    );
  }

  write({ startedAtMs, request, response, marks, noise, frames = [] }: NewTrace): void {
    const { lastInsertRowid } = this.#trace.run(
      this.#capture,
      startedAtMs,
      request.method,
      request.url,
      JSON.stringify(request.headers),
      this.#bodies.idOf(request.body),
      response?.status ?? null,
      response === null ? null : JSON.stringify(response.headers),
      this.#bodies.idOf(response?.body ?? null),
      JSON.stringify(marks),
      noise,
    );
    for (const { atMs, sender, kind, payload } of frames) {
      this.#frame.run(lastInsertRowid, atMs, sender, kind, payload);
    }
  }
}

export function frameFromRow(row: Row): SocketFrame {
  return {
    atMs: Number(row["at_ms"]),
    sender: row["sender"] as SocketFrame["sender"],
    kind: row["kind"] as SocketFrame["kind"],
    payload: row["payload"] as Uint8Array,
  };
}

/** Its rows are arrays, which are read in half the time of objects. Deno's types do not know of it yet. */
function prepareForArrays(db: DatabaseSync, sql: string): StatementSync {
  const statement = db.prepare(sql) as StatementSync & { setReturnArrays(enabled: boolean): void };
  statement.setReturnArrays(true);
  return statement;
}

/** The statement whose rows `TraceReader` reads; `clauses` are WHERE and ORDER BY. */
export function selectTraces(db: DatabaseSync, clauses: string): StatementSync {
  return prepareForArrays(db, `SELECT ${TRACE_COLUMNS} FROM traces ${clauses}`);
}

/**
 * Reads rows of traces. Requests to one place carry the same headers again and again: a header that comes again
 * is taken apart once, and held in memory once.
 */
export class TraceReader {
  readonly #bodies: BodyMap;
  readonly #headers = new Map<string, HeaderList[number]>();

  constructor(bodies: BodyMap) {
    this.#bodies = bodies;
  }

  /** @param row A row of `selectTraces()`, which Deno's types take for an object. */
  read(row: Row): Trace {
    const [
      seq,
      capture,
      startedAtMs,
      method,
      url,
      requestHeaders,
      requestBody,
      status,
      responseHeaders,
      responseBody,
      marks,
      noise,
    ] = row as unknown as SQLOutputValue[];
    return {
      id: idOf("t", seq, 4),
      captureId: idOf("c", capture, 2),
      startedAtMs: Number(startedAtMs),
      request: {
        method: String(method),
        url: String(url),
        headers: this.#headerList(String(requestHeaders)),
        body: this.#body(requestBody),
      },
      response: status === null ? null : {
        status: Number(status),
        headers: this.#headerList(String(responseHeaders)),
        body: this.#body(responseBody),
      },
      marks: marks === "[]" ? NO_MARKS : JSON.parse(String(marks)) as AuthMark[],
      noise: noise as NoiseReason | null,
    };
  }

  #body(id: SQLOutputValue | undefined): Uint8Array | null {
    return id === null ? null : this.#bodies.get(Number(id)) ?? null;
  }

  /** JSON writes the quotes of a header as `\"`: `"],["` only ever stands between two. */
  #headerList(json: string): HeaderList {
    if (json === "[]") return [];
    return json.slice('[["'.length, -'"]]'.length).split('"],["').map((text) => this.#header(text));
  }

  #header(text: string): HeaderList[number] {
    const known = this.#headers.get(text);
    if (known !== undefined) return known;
    if (this.#headers.size >= MAX_HEADERS) this.#headers.clear();
    const header = JSON.parse(`["${text}"]`) as [string, string];
    this.#headers.set(text, header);
    return header;
  }
}

export function captureFromRow(row: Row): CaptureInfo {
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

/** `c_01`, `t_0001`. */
export function idOf(prefix: "t" | "c", seq: SQLOutputValue | undefined, digits: number): string {
  return `${prefix}_${String(seq).padStart(digits, "0")}`;
}

/** The number in `t_0001` or `c_01`; `null` for anything else. */
export function seqOf(prefix: "t" | "c", id: string): number | null {
  const match = /^([tc])_(\d{1,9})$/.exec(id);
  return match?.[1] === prefix ? Number(match[2]) : null;
}
