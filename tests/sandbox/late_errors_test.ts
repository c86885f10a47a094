import assert from "node:assert/strict";

Deno.test("catchUnhandled() tells what was thrown until the end, and nothing of timers that come after it", async () => {
  const worker = new Worker(new URL("./late_errors_worker.ts", import.meta.url), {
    type: "module",
  });
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => reject(new Error(event.message));
  try {
    assert.deepEqual(await promise, ["timer before the end", "rejected before the end"]);
  } finally {
    worker.terminate();
  }
});
