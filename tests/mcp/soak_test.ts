import assert from "node:assert/strict";
import { neededTokens, soak } from "../../scripts/soak.ts";

Deno.test("a server goes on for hours with tokens of a minute and files that change", async () => {
  const report = await soak(120, 25);
  assert.deepEqual(report.problems, []);
  assert.equal(report.late, 0);
  assert.equal(report.changes, 4);
  assert.ok(report.tokens >= 15, `${report.tokens} tokens`);
  assert.ok(report.tokens <= neededTokens(report), `${report.tokens} tokens`);
});
