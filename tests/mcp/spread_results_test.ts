import assert from "node:assert/strict";
import { spreadResults } from "../../lib/mcp/spread_results.ts";

Deno.test("spreadResults() lets another kind come before the third of one, where it fits nearly as well", () => {
  const sorted = [[1, 10], [2, 10], [3, 10], [14, 9.2], [15, 2]]
    .map(([id, score]) => ({ id: id!, score: score! }));
  const spread = spreadResults(sorted, ({ id }) => id > 10 ? "other" : "one");
  assert.deepEqual(spread.map(({ id }) => id), [1, 2, 14, 3, 15]);
});

Deno.test("spreadResults() keeps every result once, and the order of those that nobody looks at", () => {
  const sorted = Array.from({ length: 200 }, (_, id) => ({ id, score: 200 - id }));
  const ids = spreadResults(sorted, ({ id }) => `${id % 3}`).map(({ id }) => id);
  assert.deepEqual(ids.toSorted((a, b) => a - b), sorted.map(({ id }) => id));
  assert.deepEqual(ids.slice(60), sorted.slice(60).map(({ id }) => id));
  assert.deepEqual(spreadResults([], () => ""), []);
});
