/** Tokens that no login obtained: tried before they are stored, and never put in the place of a better one. */
import assert from "node:assert/strict";
import { SECOND } from "../../fixtures/apps/parts/accounts.ts";
import { endingSession } from "../../fixtures/apps/sessions/ending_session.ts";
import { callTool } from "../../lib/ops/call_tool.ts";
import { extractToken } from "../../lib/ops/extract_token.ts";
import { setToken } from "../../lib/ops/set_token.ts";
import { openHome } from "../../lib/store/home.ts";
import { readAuthRecord, writeAuthRecord } from "../../lib/token/auth_file.ts";
import { readToken, writeToken } from "../../lib/token/token_file.ts";
import { testedKeysmith } from "../support/keysmith.ts";
import { APP } from "../support/login_trial.ts";
import {
  type SessionDesk,
  storedParts,
  toolFor,
  withSessionDesk,
} from "../support/session_desk.ts";
import { APP as OWNER, ORIGIN, tokenState, withApp } from "../support/token_home.ts";
import { fakeContext } from "../support/fake_context.ts";
import { readSigns, writeSigns } from "../../lib/token/session_signs.ts";

async function cookieOf({ running }: SessionDesk): Promise<string> {
  const { username, password } = SECOND;
  const response = await fetch(`${running.origins[0]}/session`, {
    method: "POST",
    body: JSON.stringify({ username, password }),
  });
  await response.body?.cancel();
  return response.headers.getSetCookie()[0]!.split(";")[0]!;
}

const MARKS = {
  status: 200,
  kind: "json",
  isLogin: false,
  place: null,
  shape: [],
  marks: [],
} as const;

const stored = (desk: SessionDesk) => readToken(openHome(desk.ctx), APP);

Deno.test("setToken() stores what the site takes, and learns how it answers strangers", async () => {
  const { app, end } = endingSession("error-code");
  await withSessionDesk(app, async (desk) => {
    const { ctx, running } = desk;
    const wrong = { app: APP, cookies: ["ledger_sid=no-such-session-0001"] };
    await assert.rejects(setToken(ctx, wrong), { code: "AUTH_REFUSED" });
    assert.equal(await stored(desk), null);
    const { probe, stored: parts } = await setToken(ctx, {
      app: APP,
      cookies: [await cookieOf(desk)],
    });
    assert.equal(probe, "confirmed");
    assert.deepEqual(parts, storedParts({ cookies: ["ledger_sid"], origins: running.origins }));
    end();
    const tool = await toolFor(desk, "GET", "/api/notes");
    await assert.rejects(callTool(ctx, { owner: APP, tool, args: {} }), { code: "AUTH_NEEDED" });
    assert.equal((await setToken(ctx, { ...wrong, yes: true })).probe, "failed");
  });
});

Deno.test("setToken() asks before what cannot be tried replaces what the site was seen to take", async () => {
  const { app } = endingSession("status-401");
  await withSessionDesk(app, async (desk) => {
    const { ctx, running } = desk;
    const cookies = [await cookieOf(desk)];
    assert.equal((await setToken(ctx, { app: APP, cookies })).probe, "confirmed");
    const good = await stored(desk);
    await running.stop();
    const wrong = { app: APP, cookies: ["ledger_sid=no-such-session-0001"] };
    await assert.rejects(setToken(ctx, wrong), {
      code: "CONSENT_NEEDED",
      message: /has a token that is valid: it is not known whether the site still takes this one/,
    });
    assert.deepEqual(await stored(desk), good);
    assert.equal((await setToken(ctx, { ...wrong, yes: true })).probe, "inconclusive");
    // Nobody has seen that one work: the user's word is as good.
    assert.equal((await setToken(ctx, wrong)).probe, "inconclusive");
  });
});

Deno.test("setToken() asks before it replaces a token that has ended and renews itself", async () => {
  await withApp(async (home) => {
    const before = tokenState({ expires_at: 1, refresh_token: "refresh-token-1" });
    await writeToken(home, OWNER, before);
    const signs = [{
      request: { method: "GET", url: `${ORIGIN}/me` },
      with: MARKS,
      without: { ...MARKS, status: 401 },
    }];
    await writeSigns(home, OWNER, signs);
    const ctx = fakeContext({ home: home.root });
    const worse = { app: OWNER, text: "another-token-2" };
    await assert.rejects(setToken(ctx, worse), {
      code: "CONSENT_NEEDED",
      message: /has a token that renews itself: the stored one can be refreshed/,
    });
    const record = (await readAuthRecord(home, OWNER))!;
    await writeAuthRecord(home, OWNER, { ...record, consent: null });
    await assert.rejects(setToken(ctx, worse), {
      message: /has a token that can be renewed once you agree to the hosts of the login script: /,
    });
    assert.deepEqual(await readToken(home, OWNER), before);
    assert.deepEqual(await readSigns(home, OWNER), signs, "what is known of the stored one stays");
    await setToken(ctx, { ...worse, yes: true });
    assert.equal((await readToken(home, OWNER))?.refresh_token, null);
  });
});

Deno.test("extractToken() puts no recorded session in the place of a better token", async () => {
  const { app, end } = endingSession("status-403");
  await withSessionDesk(app, async (desk) => {
    const { ctx, running } = desk;
    const better = tokenState({ origins: running.origins });
    await writeToken(openHome(ctx), APP, better);
    await assert.rejects(extractToken(ctx, { app: APP }), { code: "CONSENT_NEEDED" });
    assert.deepEqual(await stored(desk), better);
    const { code, stdout, stderr } = await testedKeysmith(["auth", "extract", APP, "--yes"], desk);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /cookie ledger_sid from t_\d+\ntoken +valid/);
    assert.match(stdout, /checked: the API answers differently/);
    end();
    await assert.rejects(extractToken(ctx, { app: APP }), { code: "AUTH_REFUSED" });
  });
});

Deno.test("setToken() asks before a token that ends sooner replaces one that lasts", async () => {
  const { app } = endingSession("status-403");
  await withSessionDesk(app, async (desk) => {
    const { ctx, running } = desk;
    const ends = (seconds: number) => Math.floor(ctx.clock.nowMs() / 1000) + seconds;
    const long = tokenState({
      origins: running.origins,
      refresh_token: null,
      expires_at: ends(7_200),
    });
    await writeToken(openHome(ctx), APP, long);
    const given = { app: APP, cookies: [await cookieOf(desk)] };
    await assert.rejects(setToken(ctx, { ...given, expiresInSec: 600 }), {
      code: "CONSENT_NEEDED",
      message: /is valid until .*: this one ends at /,
    });
    assert.deepEqual(await stored(desk), long);
    await setToken(ctx, { ...given, expiresInSec: 9_000 });
    assert.notDeepEqual(await stored(desk), long);
  });
});
