/** A session that a keep-alive request answers with its successor: asked for before it ends. */
import assert from "node:assert/strict";
import { extendedSession } from "../../fixtures/apps/sessions/extended_session.ts";
import { SECOND } from "../../fixtures/apps/parts/accounts.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { authStatus } from "../../lib/ops/auth_status.ts";
import { login } from "../../lib/ops/login.ts";
import { openHome } from "../../lib/store/home.ts";
import { readToken, writeToken } from "../../lib/token/token_file.ts";
import { testedKeysmith } from "../support/keysmith.ts";
import { APP } from "../support/login_trial.ts";
import { toolFor, withSessionDesk } from "../support/session_desk.ts";

Deno.test("a cookie session is kept alive in the second half of its life, by the request that does so", async () => {
  const { app, asked } = extendedSession();
  await withSessionDesk(app, async (desk) => {
    const { ctx } = desk;
    const analysis = await analyzeAuth(ctx, { app: APP });
    assert.equal(analysis.refresh, "recorded", JSON.stringify(analysis.values));
    assert.equal(analysis.proof?.passed, true, JSON.stringify(analysis.proof));
    await login(ctx, { app: APP, yes: true });
    const home = openHome(ctx);
    const first = (await readToken(home, APP))!;
    assert.ok(first.expires_at !== null);
    assert.equal((await authStatus(ctx, { app: APP })).renewed_by, "refresh token");
    const tool = await toolFor(desk, "GET", "/api/me");
    const call = async () => {
      const { code, stdout, stderr } = await testedKeysmith(["call", APP, tool], desk);
      assert.equal(code, 0, stderr);
      assert.ok(stdout.includes(SECOND.name));
    };
    await call();
    assert.equal(asked(), 1, "only while it was recorded");

    const late = { obtained_at: first.obtained_at - 3_000, expires_at: first.expires_at - 3_000 };
    await writeToken(home, APP, { ...first, ...late });
    await call();
    assert.equal(asked(), 2);
    const second = (await readToken(home, APP))!;
    assert.notEqual(second.headers["Cookie"], first.headers["Cookie"]);
    await call();
    assert.equal(asked(), 2);

    // The session is what curl needs, although it is what renews it, too.
    const { stdout } = await testedKeysmith(["auth", "headers", APP], desk);
    assert.ok(stdout.includes(`quay_sid=${second.refresh_token}`), stdout);
  });
});
