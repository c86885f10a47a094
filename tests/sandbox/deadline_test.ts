import assert from "node:assert/strict";
import { Deadline } from "../../lib/sandbox/deadline.ts";

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

Deno.test("Deadline stands still until resumed and while paused, however often", async () => {
  let expired = 0;
  const deadline = new Deadline(30, () => expired++);
  await wait(50);
  assert.equal(expired, 0);
  deadline.resume();
  deadline.pause();
  deadline.pause();
  await wait(50);
  deadline.resume();
  await wait(50);
  assert.equal(expired, 0);
  deadline.resume();
  await wait(60);
  assert.equal(expired, 1);
});

Deno.test("Deadline that is cancelled never expires", async () => {
  let expired = 0;
  const deadline = new Deadline(10, () => expired++);
  deadline.resume();
  deadline.cancel();
  deadline.resume();
  await wait(30);
  assert.equal(expired, 0);
});
