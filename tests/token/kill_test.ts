import assert from "node:assert/strict";
import { runKills, VERBS } from "../../scripts/kill_test.ts";

const RUNS = 2;

for (const verb of VERBS) {
  Deno.test(`${verb} killed at any moment leaves every file old or new, whole`, async () => {
    const { runs, problems } = await runKills(verb, RUNS);
    assert.deepEqual({ runs, problems }, { runs: RUNS, problems: [] });
  });
}
