import assert from "node:assert/strict";
import { retryDelayMs, waitMs } from "../../lib/tools/retry.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const START = { retries: 0, waitedMs: 0, nowMs: NOW };

const response = (status: number, retryAfter?: string) => ({
  status,
  headers: retryAfter === undefined ? [] : [["Retry-After", retryAfter] as const],
  body: null,
});

Deno.test("retryDelayMs() repeats safe requests when the server says how long to wait", () => {
  assert.equal(retryDelayMs("GET", response(429, "2"), START), 2000);
  assert.equal(retryDelayMs("GET", response(503, "0"), START), 0);
  assert.equal(retryDelayMs("PROPFIND", response(503, "1"), START), 1000);
  assert.equal(retryDelayMs("GET", response(503, "Sun, 01 Mar 2026 12:00:03 GMT"), START), 3000);
  assert.equal(retryDelayMs("GET", response(503, "Sun, 01 Mar 2026 11:00:00 GMT"), START), 0);
});

Deno.test("retryDelayMs() is null for anything else", () => {
  assert.equal(retryDelayMs("POST", response(429, "1"), START), null);
  assert.equal(retryDelayMs("PUT", response(503, "1"), START), null);
  assert.equal(retryDelayMs("GET", response(500, "1"), START), null);
  assert.equal(retryDelayMs("GET", response(429), START), null);
  assert.equal(retryDelayMs("GET", response(429, "soon"), START), null);
  assert.equal(retryDelayMs("GET", response(429, "11"), START), null);
  assert.equal(retryDelayMs("GET", response(429, "1"), { ...START, retries: 2 }), null);
  assert.equal(retryDelayMs("GET", response(429, "4"), { ...START, waitedMs: 7000 }), null);
});

Deno.test("waitMs() ends with the signal's reason as soon as it is aborted", async () => {
  await waitMs(1, new AbortController().signal);
  const controller = new AbortController();
  const waiting = waitMs(60_000, controller.signal);
  controller.abort(new Error("enough"));
  await assert.rejects(waiting, /enough/);
  await assert.rejects(waitMs(60_000, controller.signal), /enough/);
});
