/** What a capture holds that is worth guarding, and how it is taken out of the store, whole or in part. */
import type { DatabaseSync } from "node:sqlite";
import { KEEP_NUMBERS } from "./spent_numbers.ts";

/** What of a capture somebody else could log in with. */
export interface CaptureHoldings {
  /** What was typed or sent as a password or another secret of a login. */
  readonly passwords: boolean;
  /** Cookies, tokens and keys, good for as long as their session is. */
  readonly sessions: boolean;
  /** `until-analyze`: kept until the login is proven. `forgotten`: they were. */
  readonly bodies: "kept" | "until-analyze" | "forgotten";
}

/**
 * The marks of a request say whether its body has a field of a login. Header lists are stored as JSON:
 * `[["Cookie","a=1"]]`; LIKE knows no case.
 */
const HOLDINGS = `
  SELECT forget, forgotten,
    coalesce(typed LIKE '%"kind":"password"%', 0) OR EXISTS (
      SELECT 1 FROM traces t WHERE t.capture = c.seq AND (
        t.request_body IS NOT NULL AND t.marks LIKE '%"credential-field"%'
        OR t.request_headers LIKE '%["authorization","basic %')) AS passwords,
    EXISTS (
      SELECT 1 FROM traces t WHERE t.capture = c.seq AND (
        t.request_headers LIKE '%["cookie",%' OR t.request_headers LIKE '%["authorization",%'
        OR t.response_headers LIKE '%["set-cookie",%')) AS sessions
  FROM captures c WHERE seq = ?`;

export function holdingsOf(db: DatabaseSync, capture: number): CaptureHoldings {
  const row = db.prepare(HOLDINGS).get(capture);
  return {
    passwords: row?.["passwords"] === 1,
    sessions: row?.["sessions"] === 1,
    bodies: row?.["forgotten"] === 1
      ? "forgotten"
      : row?.["forget"] === 1
      ? "until-analyze"
      : "kept",
  };
}

/** Of what is not noise, in bytes. */
export interface CaptureSizes {
  readonly headers: number;
  /** Of each body. */
  readonly bodies: readonly number[];
}

const HEADER_BYTES = `
  SELECT sum(length(request_headers) + coalesce(length(response_headers), 0)) AS bytes
  FROM traces WHERE capture = ? AND noise IS NULL`;
const BODY_BYTES = `
  SELECT length(bytes) AS bytes FROM bodies WHERE id IN (
    SELECT request_body FROM traces WHERE capture = ?1 AND noise IS NULL
    UNION SELECT response_body FROM traces WHERE capture = ?1 AND noise IS NULL)`;

export function sizesOf(db: DatabaseSync, capture: number): CaptureSizes {
  const bodies = db.prepare(BODY_BYTES).all(capture);
  return {
    headers: Number(db.prepare(HEADER_BYTES).get(capture)?.["bytes"] ?? 0),
    bodies: bodies.map(({ bytes }) => Number(bytes)),
  };
}

/** Removes a capture with its traces and the bodies that no other trace has. */
export function deleteCapture(db: DatabaseSync, capture: number): void {
  db.exec(KEEP_NUMBERS);
  deleteFrames(db, capture);
  db.prepare("DELETE FROM traces WHERE capture = ?").run(capture);
  db.prepare("DELETE FROM capture_files WHERE capture = ?").run(capture);
  db.prepare("DELETE FROM captures WHERE seq = ?").run(capture);
  deleteLooseBodies(db);
}

/** Removes what was sent, answered and typed; addresses, headers and times stay. */
export function forgetBodies(db: DatabaseSync, capture: number): void {
  deleteFrames(db, capture);
  db.prepare("UPDATE traces SET request_body = NULL, response_body = NULL WHERE capture = ?")
    .run(capture);
  db.prepare("UPDATE captures SET typed = NULL, forgotten = 1 WHERE seq = ?").run(capture);
  deleteLooseBodies(db);
}

function deleteFrames(db: DatabaseSync, capture: number): void {
  db.prepare("DELETE FROM frames WHERE trace IN (SELECT seq FROM traces WHERE capture = ?)")
    .run(capture);
}

/** Removes the bodies that no trace has. */
export function deleteLooseBodies(db: DatabaseSync): void {
  db.exec(`DELETE FROM bodies WHERE id NOT IN (
    SELECT request_body FROM traces WHERE request_body IS NOT NULL
    UNION SELECT response_body FROM traces WHERE response_body IS NOT NULL)`);
}
