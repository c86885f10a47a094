import assert from "node:assert/strict";
import { stormOnExpiredToken, stormOnFirstUse } from "../../scripts/storm_calls.ts";

// More than the runtime has threads for blocking work, which is 32; `bench:storm` has the full size.
const STORM = { calls: 80, inFlight: 40 };

for (const run of [stormOnExpiredToken, stormOnFirstUse]) {
  Deno.test(`serveMcp() answers calls that all meet one lock: ${run.name}()`, async () => {
    const { ms: _, ...report } = await run(STORM);
    assert.deepEqual(report, { answered: STORM.calls, tokenRequests: 1, problems: [] });
  });
}
