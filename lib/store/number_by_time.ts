/** Numbers of traces follow their times within a capture. */
import type { DatabaseSync } from "node:sqlite";

/**
 * Numbers the traces of the newest captures by their time, `first` and those after it, each capture for itself;
 * those of the same time stay in their order. By way of negative numbers, for a number is free only once its
 * trace has another. Lives inside a transaction: nobody else knows these numbers yet.
 */
export function numberByTime(db: DatabaseSync, first: number): void {
  db.exec("PRAGMA defer_foreign_keys = ON");
  for (const [table, column] of [["frames", "trace"], ["traces", "seq"]]) {
    db.prepare(
      `UPDATE ${table} SET ${column} = -placed.place FROM (
         SELECT seq, (SELECT min(seq) FROM traces WHERE capture >= ?) - 1 +
           row_number() OVER (ORDER BY capture, started_at_ms, seq) AS place
         FROM traces WHERE capture >= ?) AS placed
       WHERE ${table}.${column} = placed.seq`,
    ).run(first, first);
  }
  db.exec(`UPDATE frames SET trace = -trace WHERE trace < 0;
    UPDATE traces SET seq = -seq WHERE seq < 0`);
}
