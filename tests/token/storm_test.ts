import assert from "node:assert/strict";
import { runStorm } from "../../scripts/storm.ts";

Deno.test("usableToken() in twelve processes refreshes once, and all of them succeed", async () => {
  const { ms: _, ...report } = await runStorm({ processes: 12, killHolder: false });
  assert.deepEqual(report, {
    processes: 12,
    successes: 12,
    killed: 0,
    logins: 0,
    refreshRequests: 1,
    granted: 1,
    revoked: false,
    problems: [],
  });
});

Deno.test("usableToken() goes on where the refreshing process was killed", async () => {
  const { ms: _, ...report } = await runStorm({ processes: 7, killHolder: true });
  assert.deepEqual(report, {
    processes: 7,
    successes: 6,
    killed: 1,
    logins: 0,
    refreshRequests: 2,
    granted: 1,
    revoked: false,
    problems: [],
  });
});

Deno.test("automaticLogin() in eight processes logs in once, and all of them succeed", async () => {
  const { ms: _, ...report } = await runStorm({ processes: 8, killHolder: false, ended: true });
  assert.deepEqual(report, {
    processes: 8,
    successes: 8,
    killed: 0,
    logins: 1,
    refreshRequests: 0,
    granted: 0,
    revoked: false,
    problems: [],
  });
});
