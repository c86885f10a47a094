import assert from "node:assert/strict";
import { Deadlines } from "../../lib/base/deadlines.ts";
import { Stopping } from "../../lib/tools/stopping.ts";

Deno.test("Stopping stops with its user, before its signal is asked for and after", () => {
  for (const isAskedBefore of [true, false]) {
    const user = new AbortController();
    const stopping = new Stopping(user.signal, 60_000);
    const before = isAskedBefore ? stopping.signal : null;
    assert.equal(stopping.isStopped, false);
    user.abort("enough");
    assert.equal(stopping.isStopped, true);
    assert.equal((before ?? stopping.signal).reason, "enough");
    stopping.restart();
    stopping.end();
  }
  const stopping = new Stopping(AbortSignal.abort("early"), 60_000);
  assert.equal(stopping.signal.reason, "early");
});

Deno.test("Stopping stops with its time-out, on its own timer and on that of a server", async () => {
  const deadlines = new Deadlines();
  const user = new AbortController();
  // Deadlines alone keep no process.
  const held = setTimeout(() => {}, 60_000);
  for (const shared of [undefined, deadlines]) {
    const stopping = new Stopping(user.signal, 10, shared);
    const { signal } = stopping;
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    assert.equal(stopping.isStopped, true);
    const ended = new Stopping(user.signal, 10, shared);
    ended.end();
    const last = new Stopping(user.signal, 30, shared);
    await new Promise((resolve) => last.signal.addEventListener("abort", resolve));
    assert.equal(ended.isStopped, false);
  }
  clearTimeout(held);
  deadlines.close();
});
