/** A recorded application whose tokens are bound to a key: analysed, proven, logged in to, called and renewed. */
import assert from "node:assert/strict";
import { RECORDED } from "../../fixtures/apps/parts/accounts.ts";
import { boundToken } from "../../fixtures/apps/sessions/bound_token.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { callTool } from "../../lib/ops/call_tool.ts";
import { login } from "../../lib/ops/login.ts";
import { openHome } from "../../lib/store/home.ts";
import { keyOf } from "../../lib/http/computed_credential.ts";
import { readToken, writeToken } from "../../lib/token/token_file.ts";
import { personContext } from "../support/login_trial.ts";
import { APP } from "../support/login_trial.ts";
import { testedKeysmith } from "../support/keysmith.ts";
import { toolFor, withSessionDesk } from "../support/session_desk.ts";

Deno.test("a token that is bound to a key works with a key of its own, and with the server's nonces", async () => {
  const { app, faults, keys, changeNonce } = boundToken({ alg: "ES256", wantsNonce: true });
  await withSessionDesk(app, async (desk) => {
    const { ctx, running } = desk;
    const analysis = await analyzeAuth(ctx, { app: APP });
    assert.equal(analysis.result, "script", JSON.stringify(analysis));
    assert.equal(analysis.proof?.passed, true, JSON.stringify(analysis.proof));
    faults.length = 0;
    const { probe } = await login(ctx, { app: APP, yes: true });
    assert.equal(probe, "confirmed", JSON.stringify(faults));
    assert.deepEqual(new Set(faults), new Set(["nonce"]));
    assert.equal(keys.size, 2, "the recorded key and one of the login");
    const tool = await toolFor(desk, "GET", "/api/berths");
    faults.length = 0;
    assert.equal((await callTool(ctx, { owner: APP, tool, args: {} })).error, null);
    assert.deepEqual(faults, [], "the nonce is known");

    changeNonce();
    for (const wanted of [["nonce"], []]) {
      faults.length = 0;
      const { code, stdout, stderr } = await testedKeysmith(["call", APP, tool], desk);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /North pier/);
      assert.deepEqual(faults, wanted, "a nonce is kept for the next process");
    }
    const home = openHome(ctx);
    const token = (await readToken(home, APP))!;
    assert.ok(keyOf(token.computed)?.nonces?.[running.origins[0]!], "kept with the key");
    await writeToken(home, APP, { ...token, stale: true });
    faults.length = 0;
    const renewed = await testedKeysmith(["call", APP, tool], desk);
    assert.equal(renewed.code, 0, renewed.stderr);
    assert.equal(running.counters.refreshes, 2, "one of them recorded");
    assert.equal(running.counters.logins, 2);
    assert.ok(faults.every((fault) => fault === "nonce"), JSON.stringify(faults));
    const now = (await readToken(home, APP))!;
    assert.deepEqual(keyOf(now.computed)?.key, keyOf(token.computed)?.key);
    assert.notDeepEqual(now.headers, token.headers);

    const other = personContext(
      desk.home,
      (label) => running.answer(/pass/i.test(label) ? "password" : "identifier", RECORDED),
    );
    await login(other, { app: `${APP}@other`, yes: true });
    assert.equal(keys.size, 3, "another account has a key of its own");
  });
});
