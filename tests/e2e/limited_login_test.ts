/** Logins by themselves that a site puts off, that it fails, and that were too many: by a set clock. */
import assert from "node:assert/strict";
import { SECOND } from "../../fixtures/apps/parts/accounts.ts";
import { limitedLogin, type Mood } from "../../fixtures/apps/sessions/limited_login.ts";
import type { AppError } from "../../lib/base/error.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { authStatus } from "../../lib/ops/auth_status.ts";
import { callTool } from "../../lib/ops/call_tool.ts";
import { login } from "../../lib/ops/login.ts";
import { openHome } from "../../lib/store/home.ts";
import {
  MAX_LOGINS_PER_HOUR,
  readLoginMemory,
  writeLoginMemory,
} from "../../lib/token/login_memory.ts";
import { testedKeysmith } from "../support/keysmith.ts";
import { APP } from "../support/login_trial.ts";
import { toolFor, withSessionDesk } from "../support/session_desk.ts";

const MINUTE_MS = 60_000;

Deno.test("a site that puts logins off is left alone for as long as it says, and the answers stay good", async () => {
  const { app, mood, asked } = limitedLogin();
  await withSessionDesk(app, async (desk) => {
    const { home, running } = desk;
    const config = `${home}/config.json`;
    const { username: Username, password: Password } = SECOND;
    await Deno.writeTextFile(
      config,
      JSON.stringify({ apps: { [APP]: { answers: { Username, Password } } } }),
    );
    let nowMs = Date.now();
    const ctx = { ...desk.ctx, clock: { nowMs: () => nowMs }, configOption: config };
    await analyzeAuth(ctx, { app: APP });
    await login(ctx, { app: APP, yes: true });
    const tool = await toolFor(desk, "GET", "/api/stones");
    const call = () =>
      callTool(ctx, { owner: APP, tool, args: {} }).then(
        () => "answered",
        ({ code, message }: AppError) => `${code}: ${message}`,
      );
    const usable = async () => (await authStatus(ctx, { app: APP })).usable;

    /** The site is asked once, not again before `pauseMs`, and once more from then on. */
    const putOff = async (change: Partial<Mood>, pauseMs: number, first: RegExp) => {
      Object.assign(mood, change);
      running.endSessions();
      const before = asked();
      assert.match(await call(), first);
      // The command goes by the real clock, which the first time is the one set here.
      if (before === 2) {
        const args = ["auth", "status", APP, "--config", config];
        const { code, stdout } = await testedKeysmith(args, { home });
        assert.equal(code, 3, stdout);
        assert.match(stdout, /by itself: stored answers, not before 20/);
      }
      nowMs += pauseMs - 1_000;
      assert.match(await call(), /^AUTH_NEEDED: .*the next is not before/);
      assert.deepEqual([await usable(), asked() - before], [false, 1]);
      nowMs += 1_000;
      assert.equal(await usable(), true);
      Object.assign(mood, { status: null, retryAfter: null, words: "", isClosed: false });
      assert.equal(await call(), "answered");
      assert.equal(asked() - before, 2);
      assert.equal((await readLoginMemory(openHome(ctx), APP)).refused, null);
    };
    const limited = /^AUTH_REFUSED: .*too many requests/;
    await putOff({ status: 429, retryAfter: "600" }, 10 * MINUTE_MS, limited);
    await putOff({ status: 429, words: "<h1>Túl sok kérés</h1>" }, MINUTE_MS, limited);
    const waiting = { status: 403, retryAfter: "300", words: "お待ちください" } as const;
    await putOff(waiting, 5 * MINUTE_MS, limited);
    await putOff({ status: 503, retryAfter: "240" }, 4 * MINUTE_MS, /^UPSTREAM_FAILED/);
    await putOff({ isClosed: true }, MINUTE_MS, /^AUTH_REFUSED: .*API does not accept/);

    // The cap: what began within the hour counts, whatever came of it.
    const memory = await readLoginMemory(openHome(ctx), APP);
    const begunMs = Array(MAX_LOGINS_PER_HOUR).fill(nowMs);
    await writeLoginMemory(openHome(ctx), APP, { ...memory, begunMs });
    running.endSessions();
    const before = asked();
    assert.match(await call(), /^AUTH_NEEDED: .*too often within an hour/);
    assert.deepEqual([await usable(), asked() - before], [false, 0]);
    nowMs += 60 * MINUTE_MS;
    assert.deepEqual([await usable(), await call(), asked() - before], [true, "answered", 1]);
  });
});
