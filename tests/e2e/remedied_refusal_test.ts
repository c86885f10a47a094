/** Refusals that hand out what the request lacked: it is made once more, and the effect is there once. */
import assert from "node:assert/strict";
import { guardedCalls } from "../../fixtures/apps/sessions/guarded_calls.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { login } from "../../lib/ops/login.ts";
import { testedKeysmith } from "../support/keysmith.ts";
import { APP } from "../support/login_trial.ts";
import { toolFor, withSessionDesk } from "../support/session_desk.ts";

Deno.test("a refusal that hands out a session id or a token against forgery is followed by one repetition", async () => {
  const { app, refusals, sacks, change } = guardedCalls();
  await withSessionDesk(app, async (desk) => {
    const { ctx, running } = desk;
    const analysis = await analyzeAuth(ctx, { app: APP });
    assert.equal(analysis.proof?.passed, true, JSON.stringify(analysis));
    await login(ctx, { app: APP, yes: true });
    const [read, write] = [
      await toolFor(desk, "GET", "/api/sacks"),
      await toolFor(desk, "POST", "/api/sacks"),
    ];
    const run = async (args: readonly string[]) => {
      const { code, stdout, stderr } = await testedKeysmith(["call", APP, ...args], desk);
      assert.equal(code, 0, stderr);
      return stdout;
    };
    refusals();
    for (const name of ["Spelt", "Millet"]) {
      change();
      assert.match(await run([read]), /Rye/);
      assert.deepEqual(refusals(), [409]);
      change();
      const before = sacks().length;
      await run([write, "--arg", `name=${name}`]);
      assert.deepEqual(sacks().slice(before), [name]);
      assert.ok(refusals().length <= 3);
    }
    assert.equal(running.counters.logins, 2, "nobody logged in again");
  });
});
