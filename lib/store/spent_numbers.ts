/** Numbers of captures and traces: one that was given out once is not given out again. */

/** The next number of a table, in SQL. */
export function nextNumber(table: "captures" | "traces"): string {
  const spent = table === "captures" ? "capture" : "trace";
  return `(SELECT max(coalesce((SELECT max(seq) FROM ${table}), 0),
    coalesce((SELECT max(${spent}) FROM spent), 0)) + 1)`;
}

/** Keeps the highest numbers there are, before any of them are removed. */
export const KEEP_NUMBERS = `INSERT INTO spent (capture, trace) SELECT
  coalesce((SELECT max(seq) FROM captures), 0), coalesce((SELECT max(seq) FROM traces), 0)`;
