/** The life of a token after the login: renewed by itself, rotated, and refused. */
import assert from "node:assert/strict";
import { SECOND } from "../../fixtures/apps/parts/accounts.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { analyzeTools } from "../../lib/ops/analyze_tools.ts";
import { login } from "../../lib/ops/login.ts";
import { openHome } from "../../lib/store/home.ts";
import { readToken } from "../../lib/token/token_file.ts";
import type { TokenState } from "../../lib/token/token_state.ts";
import { bringTokenToItsEnd } from "../support/aged_token.ts";
import { testedKeysmith } from "../support/keysmith.ts";
import { APP, type LoginDesk, withLoginDesk } from "../support/login_trial.ts";

async function withSecond(
  name: string,
  tokenLifetimeSec: number,
  work: (desk: LoginDesk) => Promise<void>,
): Promise<void> {
  await withLoginDesk(name, { tokenLifetimeSec }, async (desk) => {
    const ctx = desk.contextOf(SECOND);
    await analyzeAuth(ctx, { app: APP });
    await analyzeTools(ctx, { app: APP });
    await login(ctx, { app: APP, yes: true });
    assert.equal(desk.fixture.running.counters.refreshes, 0);
    await work(desk);
  });
}

async function storedToken(desk: LoginDesk): Promise<TokenState> {
  const token = await readToken(openHome(desk.contextOf(SECOND)), APP);
  assert.ok(token !== null);
  return token;
}

Deno.test("call renews an expired token once and keeps the rotated refresh token", () =>
  withSecond("json_bearer", 3_600, async (desk) => {
    const { running } = desk.fixture;
    await bringTokenToItsEnd(desk.home, APP, -1);
    const first = await storedToken(desk);
    for (const turn of [1, 2]) {
      const { code, stdout, stderr } = await testedKeysmith(["call", APP, "get_profile"], desk);
      assert.equal(code, 0, stderr);
      assert.ok(stdout.includes(desk.fixture.shownFor(SECOND)), stdout);
      assert.equal(running.counters.refreshes, 1, `turn ${turn}`);
    }
    const second = await storedToken(desk);
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.notDeepEqual(second.headers, first.headers);
    assert.equal(running.counters.logins, 1);
  }));

Deno.test("auth headers renews a token that is about to end, each time with the newest refresh token", () =>
  withSecond("json_bearer", 3_600, async (desk) => {
    const printed = new Set<string>();
    const spent = new Set<string | null>();
    for (let turn = 1; turn <= 3; turn++) {
      await bringTokenToItsEnd(desk.home, APP);
      spent.add((await storedToken(desk)).refresh_token);
      const { code, stdout, stderr } = await testedKeysmith(["auth", "headers", APP], desk);
      assert.equal(code, 0, stderr);
      printed.add(stdout);
      assert.equal(desk.fixture.running.counters.refreshes, turn);
    }
    assert.equal(printed.size, 3);
    assert.equal(spent.size, 3);
    assert.equal(desk.fixture.running.counters.refusedRefreshes, 0);
  }));

Deno.test("a refresh token that is no longer taken ends in exit code 3 and the command to run", () =>
  withSecond("json_bearer", 3_600, async (desk) => {
    await bringTokenToItsEnd(desk.home, APP, -1);
    const token = await storedToken(desk);
    await spendTwice(desk, token.refresh_token!);
    for (const args of [["auth", "headers", APP], ["call", APP, "get_profile"]]) {
      const { code, stdout, stderr } = await testedKeysmith([...args, "--json"], desk);
      assert.equal(code, 3, stderr);
      const { error } = JSON.parse(stdout);
      assert.equal(error.code, "AUTH_NEEDED");
      assert.equal(error.hint, `keysmith auth login ${APP}`);
      assert.ok(!`${stdout}${stderr}`.includes(token.refresh_token!));
    }
    assert.deepEqual(await storedToken(desk), token, "a refusal removes nothing");
    await login(desk.contextOf(SECOND), { app: APP, yes: true });
    assert.equal(desk.fixture.running.counters.logins, 2);
  }));

/** A refresh token that is used twice is stolen, for this application: the whole family ends. */
async function spendTwice({ fixture }: LoginDesk, refreshToken: string): Promise<void> {
  for (const status of [200, 401]) {
    const response = await fetch(`${fixture.running.origins[0]}/api/auth/refresh`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ refreshToken }),
    });
    await response.body?.cancel();
    assert.equal(response.status, status);
  }
}

Deno.test("a session whose cookie every answer replaces goes on from call to call", () =>
  withSecond("rolling_session", 3_600, async (desk) => {
    for (let turn = 1; turn <= 3; turn++) {
      const { code, stdout, stderr } = await testedKeysmith(["call", APP, "get_profile"], desk);
      assert.equal(code, 0, stderr);
      assert.ok(stdout.includes(desk.fixture.shownFor(SECOND)), `turn ${turn}`);
    }
    assert.equal(desk.fixture.running.counters.logins, 1);
  }));

Deno.test("an expired token that nothing renews ends in exit code 3 and the command to run", () =>
  withSecond("token_nested", 1, async (desk) => {
    const { running } = desk.fixture;
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const { code, stderr } = await testedKeysmith(["call", APP, "get_profile"], desk);
    assert.equal(code, 3, stderr);
    assert.match(stderr, /keysmith auth login fixture/);
    assert.equal(running.counters.logins, 1);
  }));
