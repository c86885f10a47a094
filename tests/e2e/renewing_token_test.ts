/** Tokens that renew themselves, and refreshes that fail for good. */
import assert from "node:assert/strict";
import { renewingToken } from "../../fixtures/apps/sessions/renewing_token.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { authHeaders } from "../../lib/ops/auth_headers.ts";
import { authStatus } from "../../lib/ops/auth_status.ts";
import { callTool } from "../../lib/ops/call_tool.ts";
import { login } from "../../lib/ops/login.ts";
import { openHome } from "../../lib/store/home.ts";
import { readToken, writeToken } from "../../lib/token/token_file.ts";
import { APP } from "../support/login_trial.ts";
import { testedKeysmith } from "../support/keysmith.ts";
import { toolFor, withSessionDesk } from "../support/session_desk.ts";

Deno.test("a token that renews itself is renewed while it is good, with its copy in a cookie", async () => {
  const { app, asked } = renewingToken();
  await withSessionDesk(app, async (desk) => {
    const { ctx } = desk;
    const analysis = await analyzeAuth(ctx, { app: APP });
    assert.equal(analysis.refresh, "recorded", JSON.stringify(analysis.values));
    assert.equal(analysis.proof?.passed, true, JSON.stringify(analysis.proof));
    await login(ctx, { app: APP, yes: true });
    const before = asked();
    const tool = await toolFor(desk, "GET", "/api/me");
    await callTool(ctx, { owner: APP, tool, args: {} });
    assert.equal(asked(), before, "not in the first half of its life");
    const home = openHome(ctx);
    const token = (await readToken(home, APP))!;
    const old = {
      ...token,
      obtained_at: token.obtained_at - 3_000,
      expires_at: token.expires_at! - 3_000,
    };
    await writeToken(home, APP, old);
    const { error } = await callTool(ctx, { owner: APP, tool, args: {} });
    assert.equal(error, null);
    assert.equal(asked(), before + 1);
    const renewed = (await readToken(home, APP))!;
    assert.notEqual(renewed.headers["Authorization"], token.headers["Authorization"]);
    assert.ok(renewed.headers["Cookie"]!.includes(renewed.refresh_token!));

    await writeToken(home, APP, { ...old, stale: true });
    for (const turn of [1, 2]) {
      const { code, stderr } = await testedKeysmith(["auth", "refresh", APP, "--yes"], desk);
      assert.equal(code, 3, stderr);
      assert.match(stderr, turn === 1 ? /no longer accepts/ : /refused the refresh token for good/);
      assert.equal(asked(), before + 2, "a refusal for good is not asked again");
    }
    const status = await authStatus(ctx, { app: APP });
    assert.equal(status.refreshable, false);
    assert.ok(status.refresh_refused_at !== null);
    await assert.rejects(authHeaders(ctx, { app: APP }), { code: "AUTH_NEEDED" });
    assert.equal(asked(), before + 2);
  });
});
