import assert from "node:assert/strict";
import { adoptScript } from "../../lib/ops/adopt_script.ts";
import { authStatus } from "../../lib/ops/auth_status.ts";
import { automaticLogin } from "../../lib/ops/automatic_login.ts";
import { listAuth } from "../../lib/ops/list_auth.ts";
import { checkConfig } from "../../lib/ops/check_config.ts";
import { showConfig } from "../../lib/ops/show_config.ts";
import { login } from "../../lib/ops/login.ts";
import { logout } from "../../lib/ops/logout.ts";
import { withStoredAnswers } from "../../lib/ops/stored_login.ts";
import { openHome } from "../../lib/store/home.ts";
import { readAuthRecord, writeAuthRecord } from "../../lib/token/auth_file.ts";
import { removeLoginName } from "../../lib/token/login_name.ts";
import { markStale, usableToken } from "../../lib/token/cascade.ts";
import {
  EMPTY_MEMORY,
  MAX_LOGINS_PER_HOUR,
  writeLoginMemory,
} from "../../lib/token/login_memory.ts";
import { readToken, writeToken } from "../../lib/token/token_file.ts";
import { type FakeContext, fakeContext, type FakeContextOptions } from "../support/fake_context.ts";
import { PASSWORD, Provider, type ProviderOptions } from "../support/provider.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const APP = "shop";
const INPUTS = [
  { name: "username", label: "Username", secret: false, kind: "identifier" },
  { name: "password", label: "Password", secret: true, kind: "password" },
] as const;

interface Site {
  readonly home: string;
  readonly provider: Provider;
  context(options?: FakeContextOptions): FakeContext;
  /** Writes the answers into the configuration. */
  answer(answers: Readonly<Record<string, unknown>>): Promise<void>;
}

const ANSWERS = { Username: "ada", Password: { type: "literal", value: PASSWORD } };

/** An app that is agreed to and whose session has ended: no refresh token is left. */
async function withEndedSession(
  options: ProviderOptions,
  work: (site: Site) => Promise<void>,
): Promise<void> {
  await withTempFolder(async (folder) => {
    await using provider = new Provider(options);
    const config = `${folder}/config.json`;
    const home = `${folder}/home`;
    const context = (more: FakeContextOptions = {}) =>
      Object.assign(fakeContext({ home, ...more }), { configOption: config });
    const answer = (answers: Readonly<Record<string, unknown>>) =>
      Deno.writeTextFile(config, JSON.stringify({ apps: { [APP]: { answers } } }));
    const site = { home, provider, context, answer };
    await answer(ANSWERS);
    const ctx = context();
    const file = `${folder}/by_hand.ts`;
    await Deno.writeTextFile(file, provider.script);
    await adoptScript(ctx, { app: APP, file, hosts: [provider.host] });
    const record = (await readAuthRecord(openHome(ctx), APP))!;
    const { hosts, scriptSha256 } = record;
    const consent = { hosts, scriptSha256, givenAt: "2026-01-01T00:00:00.000Z" };
    await writeAuthRecord(openHome(ctx), APP, { ...record, inputs: INPUTS, consent });
    await endSession(site, ctx);
    await work(site);
  });
}

async function endSession({ provider }: Site, ctx: FakeContext): Promise<void> {
  const home = openHome(ctx);
  const token = await readToken(home, APP);
  if (token !== null) {
    await writeToken(home, APP, { ...token, refresh_token: null });
    return await markStale(ctx, home, APP, { ...token, refresh_token: null });
  }
  await writeToken(home, APP, {
    headers: { Authorization: "Bearer access-token-gone" },
    body_params: {},
    query_params: {},
    computed: [],
    refresh_token: null,
    expires_at: null,
    obtained_at: 1_700_000_000,
    origins: [provider.origin],
    stale: true,
  });
}

async function use(ctx: FakeContext): Promise<string | undefined> {
  const home = openHome(ctx);
  const login = automaticLogin(ctx, home, APP);
  return (await usableToken(ctx, home, APP, { login })).headers["Authorization"];
}

Deno.test("a session that ended is renewed from the stored answers, once for many callers", async () => {
  await withEndedSession({}, async (site) => {
    const headers = await Promise.all(Array.from({ length: 6 }, () => use(site.context())));
    assert.deepEqual(new Set(headers), new Set([`Bearer ${site.provider.accessToken}`]));
    assert.deepEqual(site.provider.passwords, [PASSWORD]);
  });
});

Deno.test("nobody logs in by itself where a prompt has no source or nobody has agreed", async () => {
  await withEndedSession({}, async (site) => {
    const ctx = site.context();
    await site.answer({ Username: "ada" });
    await assert.rejects(use(ctx), { code: "AUTH_NEEDED", hint: "keysmith auth login shop" });
    await site.answer(ANSWERS);
    const home = openHome(ctx);
    const record = (await readAuthRecord(home, APP))!;
    await writeAuthRecord(home, APP, { ...record, consent: null });
    await assert.rejects(use(ctx), { code: "AUTH_NEEDED" });
    assert.deepEqual(site.provider.passwords, []);
    assert.deepEqual(ctx.asked, []);
  });
});

Deno.test("answers of another user than the one who logged in renew no session", async () => {
  await withEndedSession({}, async (site) => {
    const home = openHome(site.context());
    const untold = site.context();
    await use(untold);
    assert.match(untold.lines.join("\n"), /whether as the same user as before is not known/);
    for (const [name, isSame] of [["grace", false], ["ADA", true], ["ada@shop.example", false]]) {
      await endSession(site, site.context());
      await site.answer({ ...ANSWERS, Username: name });
      const ctx = site.context();
      const sent = site.provider.passwords.length;
      const { renewed_by, usable, answers_of_another_user } = await authStatus(ctx, { app: APP });
      assert.deepEqual(
        [renewed_by, usable, answers_of_another_user],
        isSame ? ["stored answers", true, false] : ["nobody", false, true],
      );
      if (isSame) await use(ctx);
      else {
        await assert.rejects(use(ctx), {
          code: "AUTH_NEEDED",
          message: /answer for "Username" of "shop" names another user/,
          hint: "keysmith auth login shop",
        });
      }
      assert.equal(site.provider.passwords.length, isSame ? sent + 1 : sent);
      assert.ok(!ctx.lines.join("\n").includes("not known"));
    }
    await removeLoginName(home, APP);
    assert.equal(await use(site.context()), `Bearer ${site.provider.accessToken}`);
  });
});

Deno.test("answers the site refused are not sent again until they change", async () => {
  await withEndedSession({}, async (site) => {
    await site.answer({ ...ANSWERS, Password: { type: "literal", value: "wrong-horse" } });
    await assert.rejects(use(site.context()), { code: "AUTH_REFUSED" });
    const later = site.context({ nowMs: 1_800_000_000_000 + 7 * 86_400_000 });
    for (const ctx of [site.context(), later]) {
      await assert.rejects(use(ctx), { code: "AUTH_NEEDED", message: /have not changed since/ });
    }
    assert.deepEqual(site.provider.passwords, ["wrong-horse"]);
    const memory = await Deno.readTextFile(`${site.home}/apps/${APP}/logins.json`);
    assert.ok(!memory.includes("wrong-horse"));
    await site.answer(ANSWERS);
    assert.equal(await use(site.context()), `Bearer ${site.provider.accessToken}`);
    assert.deepEqual(site.provider.passwords, ["wrong-horse", PASSWORD]);
  });
});

Deno.test("a locked account is left alone, and the user's own login ends that", async () => {
  await withEndedSession({ loginStatuses: [423] }, async (site) => {
    await assert.rejects(use(site.context()), { code: "AUTH_REFUSED" });
    await assert.rejects(use(site.context()), {
      code: "AUTH_NEEDED",
      hint: /Unlock the account at the site/,
    });
    const ctx = site.context();
    await withStoredAnswers(ctx, APP, (stored) => login(stored, { app: APP, unproven: true }));
    await endSession(site, ctx);
    assert.equal(await use(site.context()), `Bearer ${site.provider.accessToken}`);
    assert.equal(site.provider.passwords.length, 3);
  });
});

Deno.test("a refusal of a login the user asked for is remembered, unless somebody typed", async () => {
  await withEndedSession({ loginStatuses: [401, 401] }, async (site) => {
    const typing = site.context({ answers: [PASSWORD] });
    await site.answer({ Username: "ada" });
    const attended = (ctx: FakeContext) =>
      withStoredAnswers(ctx, APP, (stored) => login(stored, { app: APP, unproven: true }));
    await assert.rejects(attended(typing), { code: "AUTH_REFUSED" });
    await site.answer(ANSWERS);
    await assert.rejects(use(site.context()), { code: "AUTH_REFUSED" });
    await assert.rejects(use(site.context()), { code: "AUTH_NEEDED" });
    assert.equal(site.provider.passwords.length, 2);
  });
});

Deno.test("a site that fails is tried again later and later", async () => {
  await withEndedSession({ loginStatuses: [503, 503] }, async (site) => {
    const start = 1_800_000_000_000;
    const at = (ms: number) => site.context({ nowMs: start + ms });
    await assert.rejects(use(at(0)), { code: "UPSTREAM_FAILED" });
    await assert.rejects(use(at(59_000)), {
      code: "AUTH_NEEDED",
      message: /the next is not before/,
    });
    await assert.rejects(use(at(60_000)), { code: "UPSTREAM_FAILED" });
    await assert.rejects(use(at(179_000)), { code: "AUTH_NEEDED" });
    assert.equal(await use(at(180_000)), `Bearer ${site.provider.accessToken}`);
    assert.equal(site.provider.passwords.length, 3);
  });
});

Deno.test("there are only so many logins by themselves within an hour", async () => {
  await withEndedSession({}, async (site) => {
    const start = 1_800_000_000_000;
    const begunMs = Array.from({ length: MAX_LOGINS_PER_HOUR - 1 }, (_, i) => start + i);
    const home = openHome(site.context());
    await writeLoginMemory(home, APP, { ...EMPTY_MEMORY, begunMs });
    const ctx = site.context({ nowMs: start + 1000 });
    await use(ctx);
    await endSession(site, ctx);
    await assert.rejects(use(site.context({ nowMs: start + 60_000 })), {
      code: "AUTH_NEEDED",
      message: /too often within an hour/,
    });
    assert.equal(site.provider.passwords.length, 1);
    await use(site.context({ nowMs: start + 3_600_001 }));
  });
});

Deno.test("a refused refresh is followed by a login", async () => {
  await withEndedSession({}, async (site) => {
    const ctx = site.context();
    const home = openHome(ctx);
    await use(ctx);
    const token = (await readToken(home, APP))!;
    site.provider.revoked = true;
    await markStale(ctx, home, APP, token);
    assert.equal(await use(ctx), `Bearer ${site.provider.accessToken}`);
    assert.equal(site.provider.refreshes.length, 1);
    assert.equal(site.provider.passwords.length, 2);
  });
});

Deno.test("an answer that is not to be had is named and costs the site nothing", async () => {
  await withEndedSession({}, async (site) => {
    await site.answer({ ...ANSWERS, Password: { type: "env", value: "SHOP_PW" } });
    for (let tries = 0; tries < 2; tries++) {
      await assert.rejects(use(site.context()), {
        code: "AUTH_NEEDED",
        message: /"Password" is not to be had: environment variable SHOP_PW is not set/,
      });
    }
    assert.deepEqual(site.provider.passwords, []);
  });
});

Deno.test("auth status says who renews the token", async () => {
  await withEndedSession({ loginStatuses: [200, 401] }, async (site) => {
    const ctx = site.context();
    const renewedBy = async () => (await authStatus(ctx, { app: APP })).renewed_by;
    assert.equal(await renewedBy(), "stored answers");
    await use(ctx);
    assert.equal(await renewedBy(), "refresh token");
    await endSession(site, ctx);
    await site.answer({ Username: "ada" });
    assert.equal(await renewedBy(), "nobody");
    await site.answer(ANSWERS);
    await assert.rejects(use(ctx), { code: "AUTH_REFUSED" });
    const { renewed_by, answers_refused_at } = await authStatus(ctx, { app: APP });
    assert.deepEqual([renewed_by, answers_refused_at], ["stored answers", ctx.nowMs / 1000]);
  });
});

Deno.test("auth status and auth list promise no refresh before the user has agreed to the script", async () => {
  await withEndedSession({}, async (site) => {
    const ctx = site.context();
    await use(ctx);
    const home = openHome(ctx);
    const record = (await readAuthRecord(home, APP))!;
    const promised = async () => {
      const { refreshable, renewed_by, needs_consent } = await authStatus(ctx, { app: APP });
      return [refreshable, renewed_by, needs_consent];
    };
    assert.deepEqual(await promised(), [true, "refresh token", false]);
    await writeAuthRecord(home, APP, { ...record, consent: null });
    assert.deepEqual(await promised(), [false, "nobody", true]);
    await markStale(ctx, home, APP, (await readToken(home, APP))!);
    await assert.rejects(use(ctx), { code: "CONSENT_NEEDED" });
    const [listed] = await listAuth(ctx);
    assert.deepEqual([listed?.usable, listed?.needs_consent], [false, true]);
  });
});

Deno.test("auth status and auth list promise no login with stored answers before the user has agreed", async () => {
  await withEndedSession({}, async (site) => {
    const ctx = site.context();
    const home = openHome(ctx);
    const record = (await readAuthRecord(home, APP))!;
    const promised = async () => {
      const { renewed_by, needs_consent, usable } = await authStatus(ctx, { app: APP });
      return [renewed_by, needs_consent, usable];
    };
    assert.deepEqual(await promised(), ["stored answers", false, true]);
    await writeAuthRecord(home, APP, { ...record, consent: null });
    assert.deepEqual(await promised(), ["nobody", true, false]);
    const [listed] = await listAuth(ctx);
    assert.deepEqual([listed?.usable, listed?.needs_consent], [false, true]);
    await assert.rejects(use(ctx), { code: "AUTH_NEEDED" });
    await site.answer({ Username: "ada" });
    assert.deepEqual(await promised(), ["nobody", false, false]);
  });
});

Deno.test("an account has its own token, answers and consent, and the script of its app", async () => {
  await withEndedSession({}, async (site) => {
    const ctx = site.context({ answers: ["bob", PASSWORD] });
    const home = openHome(ctx);
    const bob = `${APP}@bob`;
    await assert.rejects(login(ctx, { app: bob, unproven: true }), { code: "CONSENT_NEEDED" });
    await withStoredAnswers(
      ctx,
      bob,
      (stored) => login(stored, { app: bob, yes: true, unproven: true }),
    );
    assert.deepEqual(ctx.asked.slice(-2), [`[${bob}] Username`, `[${bob}] Password`]);
    assert.equal((await readToken(home, APP))?.stale, true, "the app's own token is left alone");
    const token = (await readToken(home, bob))!;
    assert.equal(token.headers["Authorization"], `Bearer ${site.provider.accessToken}`);
    assert.equal((await authStatus(ctx, { app: bob })).renewed_by, "refresh token");

    const slip = site.context({ answers: ["bbo", "wrong-horse"] });
    await assert.rejects(login(slip, { app: `${APP}@bbo`, yes: true, unproven: true }));

    await use(ctx);
    const listed = await listAuth(ctx);
    assert.deepEqual(
      listed.map(({ name, state, renewed_by }) => [name, state, renewed_by]),
      [[APP, "valid", "refresh token"], [bob, "valid", "refresh token"]],
    );
    await logout(ctx, { app: bob });
    assert.equal(await readToken(home, bob), null);
    assert.notEqual(await readToken(home, APP), null);
    assert.equal((await authStatus(ctx, { app: bob })).usable, false);
  });
});

Deno.test("an account's name never leaves the home, and what concerns the app refuses it", async () => {
  await withEndedSession({}, async (site) => {
    const ctx = site.context();
    for (const name of [`${APP}@../x`, `${APP}@`, `${APP}@a/b`, `${APP}@B`]) {
      await assert.rejects(authStatus(ctx, { app: name }), { code: "USAGE" }, name);
    }
    const adopting = adoptScript(ctx, { app: `${APP}@bob`, file: "x", hosts: ["a:1"] });
    await assert.rejects(adopting, { code: "USAGE", hint: `Name the app: ${APP}` });
  });
});

Deno.test("config show names the sources of answers, config check the labels nobody asks for", async () => {
  await withEndedSession({}, async (site) => {
    await site.answer({ ...ANSWERS, Pasword: { type: "env", value: "SHOP_PW" } });
    const { answers } = await showConfig(site.context());
    assert.deepEqual(
      answers.map(({ app, label, type }) => [app, label, type]),
      [[APP, "Username", "literal"], [APP, "Password", "literal"], [APP, "Pasword", "env"]],
    );
    assert.ok(!JSON.stringify(answers).includes(PASSWORD));
    const { warnings } = await checkConfig(site.context());
    assert.deepEqual(warnings, [
      'apps.shop: answer "Pasword": environment variable SHOP_PW is not set',
      'the login of "shop" does not ask for "Pasword", but for "Username", "Password"',
    ]);
  });
});
