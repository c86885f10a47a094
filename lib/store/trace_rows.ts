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

/** Header lists remembered while traces are read. */
const MAX_HEADER_LISTS = 1_000;

/** The bodies of the selected traces: each is read once and shared. */
export function readBodies(
  db: DatabaseSync,
  where: string,
  values: (string | number)[],
  maxBytes = Number.MAX_SAFE_INTEGER,
): BodyMap {
  const rows = db.prepare(
    `SELECT id, bytes FROM bodies WHERE length(bytes) <= ? AND id IN (
       SELECT request_body FROM traces ${where} UNION SELECT response_body FROM traces ${where})`,
  ).all(maxBytes, ...values, ...values);
  return new Map(rows.map((row) => [Number(row["id"]), row["bytes"] as Uint8Array]));
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

/** Requests to one place carry the same headers again and again: a text that comes again is the same list. */
export class HeaderReader {
  readonly #known = new Map<string, HeaderList>();

  read(column: SQLOutputValue | undefined): HeaderList {
    const text = String(column);
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size >= MAX_HEADER_LISTS) this.#known.clear();
    const headers = JSON.parse(text) as HeaderList;
    this.#known.set(text, headers);
    return headers;
  }
}

export function traceFromRow(row: Row, bodies: BodyMap, headers = new HeaderReader()): Trace {
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
      headers: headers.read(row["request_headers"]),
      body: body("request_body"),
    },
    response: status === null ? null : {
      status: Number(status),
      headers: headers.read(row["response_headers"]),
      body: body("response_body"),
    },
    marks: JSON.parse(String(row["marks"])) as AuthMark[],
    noise: row["noise"] as NoiseReason | null,
  };
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
