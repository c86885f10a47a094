import assert from "node:assert/strict";
import { EMPTY_MEMORY, nextLoginMs } from "../../lib/token/login_memory.ts";

const NOW_MS = Date.UTC(2026, 4, 14);
const MINUTE_MS = 60_000;

Deno.test("nextLoginMs() waits twice as long after each failure, and not for a clock that was ahead", () => {
  const after = (failures: number, atMs: number) =>
    nextLoginMs({ ...EMPTY_MEMORY, failures, lastFailure: { atMs, message: "503" } }, NOW_MS);
  const waits = [1, 2, 3, 9].map((failures) => (after(failures, NOW_MS) - NOW_MS) / MINUTE_MS);
  assert.deepEqual(waits, [1, 2, 4, 60]);
  const limited = { atMs: NOW_MS, message: "429", notBeforeMs: NOW_MS + 30 * MINUTE_MS };
  const next = (notBeforeMs: number) =>
    nextLoginMs({ ...EMPTY_MEMORY, failures: 1, lastFailure: { ...limited, notBeforeMs } }, NOW_MS);
  assert.equal(next(limited.notBeforeMs) - NOW_MS, 30 * MINUTE_MS);
  assert.equal(next(NOW_MS) - NOW_MS, MINUTE_MS, "never sooner than after any failure");
  assert.equal(next(NOW_MS * 2) - NOW_MS, 24 * 60 * MINUTE_MS, "a site whose clock is wrong");
  assert.ok(after(3, NOW_MS + 365 * 24 * 60 * MINUTE_MS) <= NOW_MS);
});
