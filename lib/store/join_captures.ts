/** Makes one capture of several that were added in the same transaction. */
import type { DatabaseSync } from "node:sqlite";
import type { Trace } from "../http/exchange.ts";
import type { CaptureInfo } from "./capture_info.ts";
import { deleteLooseBodies } from "./capture_contents.ts";
import { numberByTime } from "./number_by_time.ts";
import { idOf, seqOf } from "./trace_rows.ts";

export interface JoinedCapture {
  /** Ids of captures, the one that stays first. */
  readonly captures: readonly string[];
  /** The traces that stay, with their times; every other one of these captures goes. */
  readonly traces: readonly Pick<Trace, "id" | "startedAtMs">[];
  /** What is said of all of it. */
  readonly about: Pick<CaptureInfo, "file" | "creator" | "skipped">;
}

/**
 * Numbers may change, those of the traces of these captures and of later ones, and those of later captures:
 * nobody else knows them yet. Returns the id of each of these and of later captures by the one it had.
 */
export function joinCaptures(
  db: DatabaseSync,
  recordings: readonly JoinedCapture[],
): Map<string, string> {
  if (recordings.length === 0) return new Map();
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
  const first = Math.min(...recordings.map(({ captures }) => seqOf("c", captures[0]!)!));
  const now = closeGaps(db, first);
  numberByTime(db, first);
  return new Map([
    ...[...now].map(([seq, to]): [string, string] => [idOf("c", seq, 2), idOf("c", to, 2)]),
    ...recordings.flatMap(({ captures }) =>
      captures.map((id): [string, string] => {
        const kept = now.get(seqOf("c", captures[0]!)!)!;
        return [id, idOf("c", kept, 2)];
      })
    ),
  ]);
}

/** Numbers the captures from `first` on one after another; the new number of each. */
function closeGaps(db: DatabaseSync, first: number): Map<number, number> {
  const rows = db.prepare("SELECT seq FROM captures WHERE seq >= ? ORDER BY seq").all(first);
  const moves = [["captures", "seq"], ["traces", "capture"], ["capture_files", "capture"]]
    .map(([table, column]) => db.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${column} = ?`));
  return new Map(rows.map(({ seq }, index) => {
    const [from, to] = [Number(seq), first + index];
    for (const move of from === to ? [] : moves) move.run(to, from);
    return [from, to];
  }));
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
