import assert from "node:assert/strict";
import { withProgress } from "../../lib/term/progress.ts";
import { fakeStreams } from "../support/fake_streams.ts";

Deno.test("withProgress() writes nothing where there is no terminal", async () => {
  const streams = fakeStreams();
  const slow = () => new Promise<number>((resolve) => setTimeout(() => resolve(7), 500));
  assert.equal(await withProgress(streams.stderr, "reading", slow), 7);
  assert.equal(streams.written.stderr, "");
});

Deno.test("withProgress() shows nothing for short work", async () => {
  const streams = fakeStreams({ terminal: true });
  await withProgress(streams.stderr, "reading", () => Promise.resolve());
  assert.equal(streams.written.stderr, "");
});

Deno.test("withProgress() shows what the work says last", async () => {
  const streams = fakeStreams({ terminal: true });
  await withProgress(streams.stderr, "reading", async (say) => {
    say("reading: 41 %");
    await new Promise((resolve) => setTimeout(resolve, 500));
  });
  assert.match(streams.written.stderr, /reading: 41 %/);
});

Deno.test("withProgress() erases its line also when the work fails", async () => {
  const streams = fakeStreams({ terminal: true });
  const failing = () => new Promise((_, reject) => setTimeout(() => reject(new Error("no")), 500));
  await assert.rejects(withProgress(streams.stderr, "reading", failing), /no/);
  assert.match(streams.written.stderr, /reading/);
  assert.ok(streams.written.stderr.endsWith("\r\x1b[K"));
});
