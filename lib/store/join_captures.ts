/** Makes one capture of several that were added in the same transaction. */
import type { DatabaseSync } from "node:sqlite";
import type { Trace } from "../http/exchange.ts";
import type { CaptureInfo } from "./capture_info.ts";
import { deleteLooseBodies } from "./capture_contents.ts";
import { numberByTime } from "./number_by_time.ts";
import { seqOf } from "./trace_rows.ts";

export interface JoinedCapture {
  /** Ids of captures, the one that stays first. */
  readonly captures: readonly string[];
  /** The traces that stay, with their times; every other one of these captures goes. */
  readonly traces: readonly Pick<Trace, "id" | "startedAtMs">[];
  /** What is said of all of it. */
  readonly about: Pick<CaptureInfo, "file" | "creator" | "skipped">;
}

/** The numbers of the traces may change, of these captures and of later ones. */
export function joinCaptures(db: DatabaseSync, recordings: readonly JoinedCapture[]): void {
  db.exec("PRAGMA defer_foreign_keys = ON");
  const move = db.prepare("UPDATE traces SET capture = ?, started_at_ms = ? WHERE seq = ?");
  for (const { captures, traces, about } of recordings) {
    const [first, ...others] = captures.map((id) => seqOf("c", id)!);
    for (const { id, startedAtMs } of traces) move.run(-first!, startedAtMs, seqOf("t", id)!);
    for (const seq of captures.map((id) => seqOf("c", id)!)) dropTraces(db, seq);
    db.prepare("UPDATE traces SET capture = ? WHERE capture = ?").run(first!, -first!);
    for (const other of others) absorb(db, first!, other);
    db.prepare("UPDATE captures SET file = ?, creator = ?, skipped = ? WHERE seq = ?")
      .run(about.file, about.creator, about.skipped, first!);
  }
  deleteLooseBodies(db);
  numberByTime(db, Math.min(...recordings.map(({ captures }) => seqOf("c", captures[0]!)!)));
}

function dropTraces(db: DatabaseSync, capture: number): void {
  db.prepare("DELETE FROM frames WHERE trace IN (SELECT seq FROM traces WHERE capture = ?)")
    .run(capture);
  db.prepare("DELETE FROM traces WHERE capture = ?").run(capture);
}

/** The other's file is known as one of the first. */
function absorb(db: DatabaseSync, first: number, other: number): void {
  db.prepare(
    "INSERT INTO capture_files (sha256, capture) SELECT sha256, ? FROM captures WHERE seq = ?",
  ).run(first, other);
  db.prepare("DELETE FROM captures WHERE seq = ?").run(other);
}
