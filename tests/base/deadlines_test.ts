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
