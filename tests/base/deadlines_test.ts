import assert from "node:assert/strict";
import { Deadlines } from "../../lib/base/deadlines.ts";

Deno.test("Deadlines calls what is over, in order, and nothing that has ended", async () => {
  const deadlines = new Deadlines();
  const over: string[] = [];
  const start = (name: string, ms: number) => {
    const one = () => void over.push(name);
    deadlines.start(one, ms);
    return one;
  };
  start("later", 40);
  deadlines.end(start("ended", 10));
  start("soon", 10);
  const last = Promise.withResolvers<void>();
  deadlines.start(last.resolve, 60);
  // Deadlines alone keep no process.
  const held = setTimeout(() => {}, 60_000);
  await last.promise;
  clearTimeout(held);
  assert.deepEqual(over, ["soon", "later"]);
  deadlines.start(() => over.push("closed"), 5);
  deadlines.close();
});

Deno.test("Deadlines that are over at one look are called in their order", async () => {
  const deadlines = new Deadlines();
  const over: string[] = [];
  const all = Promise.withResolvers<void>();
  deadlines.start(() => {
    over.push("second");
    all.resolve();
  }, 2);
  deadlines.start(() => over.push("first"), 1);
  const untilMs = performance.now() + 5;
  while (performance.now() < untilMs);
  const held = setTimeout(() => {}, 60_000);
  await all.promise;
  clearTimeout(held);
  assert.deepEqual(over, ["first", "second"]);
  deadlines.close();
});
