import assert from "node:assert/strict";
import type { AppError, ErrorCode } from "../../lib/base/error.ts";
import { adoptScript } from "../../lib/ops/adopt_script.ts";
import { authHeaders } from "../../lib/ops/auth_headers.ts";
import { authStatus } from "../../lib/ops/auth_status.ts";
import { login } from "../../lib/ops/login.ts";
import { logout } from "../../lib/ops/logout.ts";
import { refreshToken } from "../../lib/ops/refresh_token.ts";
import { openHome } from "../../lib/store/home.ts";
import { readAuthRecord, writeAuthRecord } from "../../lib/token/auth_file.ts";
import { readLoginName } from "../../lib/token/login_name.ts";
import { readToken, writeToken } from "../../lib/token/token_file.ts";
import { fakeContext, type FakeContextOptions } from "../support/fake_context.ts";
import { PASSWORD, Provider, type ProviderOptions } from "../support/provider.ts";
import { tokenState } from "../support/token_home.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const APP = "shop";
const AGREED = { app: APP, yes: true, unproven: true };

interface Site {
  readonly home: string;
  readonly provider: Provider;
  context(options?: FakeContextOptions): ReturnType<typeof fakeContext>;
}

/** A site whose script has been adopted. */
async function withSite(
  options: ProviderOptions,
  work: (site: Site) => Promise<void>,
): Promise<void> {
  await withTempFolder(async (home) => {
    await using provider = new Provider(options);
    const context = (more: FakeContextOptions = {}) =>
      fakeContext({ home, nowMs: Date.now(), ...more });
    const file = `${home}/by_hand.ts`;
    await Deno.writeTextFile(file, provider.script);
    await adoptScript(context(), { app: APP, file, hosts: [provider.host] });
    await work({ home, provider, context });
  });
}

/** Has a recorded request tried after the login. */
async function setProbe(site: Site): Promise<void> {
  const home = openHome(site.context());
  const record = await readAuthRecord(home, APP);
  const probe = { method: "GET", url: `${site.provider.origin}/me` };
  await writeAuthRecord(home, APP, { ...record!, probe });
}

Deno.test("login() stores what the script yields, bound to the origins of the API", async () => {
  await withSite({}, async (site) => {
    const ctx = site.context({ answers: ["ada", PASSWORD] });
    await setProbe(site);
    const { probe, changed, mended, ...status } = await login(ctx, AGREED);
    assert.equal(probe, "confirmed");
    assert.deepEqual([changed, mended], [[], false]);
    assert.deepEqual(status, await authStatus(ctx, { app: APP }));
    assert.equal(status.state, "valid");
    assert.equal(status.refreshable, true);
    assert.deepEqual(status.hosts, [site.provider.host]);
    const token = await readToken(openHome(ctx), APP);
    assert.deepEqual(token?.origins, [site.provider.origin]);
    assert.equal(token?.refresh_token, site.provider.refreshToken);
    assert.deepEqual((await authHeaders(ctx, { app: APP })).headers, [
      ["Authorization", `Bearer ${site.provider.accessToken}`],
    ]);
    assert.deepEqual(ctx.asked, ["[shop] Username", "[shop] Password"]);
    assert.equal(await readLoginName(openHome(ctx), APP), "ada");
    assert.doesNotMatch(
      ctx.redactor.redact(`${PASSWORD} ${site.provider.accessToken}`),
      /horse|acc/,
    );
    assert.deepEqual(await logout(ctx, { app: APP }), { app: APP, removed: true });
    assert.equal(await readLoginName(openHome(ctx), APP), null, "who it was is forgotten");
  });
});

interface Failure {
  name: string;
  provider?: ProviderOptions;
  probe?: boolean;
  input?: Partial<typeof AGREED>;
  answers?: string[];
  code: ErrorCode;
  details?: Record<string, unknown>;
}

const failures: Failure[] = [
  {
    name: "a wrong password",
    answers: ["ada", "wrong"],
    code: "AUTH_REFUSED",
    details: { reason: "refused", status: 401 },
  },
  {
    name: "a locked account",
    provider: { loginStatuses: [423] },
    code: "AUTH_REFUSED",
    details: { reason: "locked", status: 423 },
  },
  {
    name: "a site with a problem",
    provider: { loginStatuses: [500] },
    code: "UPSTREAM_FAILED",
    details: { status: 500 },
  },
  {
    name: "a script that misses a step",
    provider: { loginStatuses: [202] },
    code: "SCRIPT_FAILED",
  },
  {
    name: "credentials that the API does not take",
    provider: { meStatus: 401 },
    probe: true,
    code: "AUTH_REFUSED",
    details: { reason: "probe" },
  },
  { name: "a prompt without an answer", answers: ["ada"], code: "NO_INPUT" },
  { name: "no word for an unproven script", input: { unproven: false }, code: "CONSENT_NEEDED" },
  { name: "no word for the hosts", input: { yes: false }, code: "CONSENT_NEEDED" },
];

for (
  const {
    name,
    provider = {},
    probe = false,
    input = {},
    answers = ["ada", PASSWORD],
    code,
    details,
  } of failures
) {
  Deno.test(`login() with ${name} fails as ${code} and keeps the old token`, async () => {
    await withSite(provider, async (site) => {
      const ctx = site.context({ answers });
      if (probe) await setProbe(site);
      const old = tokenState();
      await writeToken(openHome(ctx), APP, old);
      await assert.rejects(login(ctx, { ...AGREED, ...input }), (error: AppError) => {
        assert.equal(error.code, code, error.message);
        if (details !== undefined) assert.deepEqual(error.details, details);
        return true;
      });
      assert.deepEqual(await readToken(openHome(ctx), APP), old);
    });
  });
}

Deno.test("login() with a site that is down fails as UNREACHABLE", async () => {
  await withTempFolder(async (home) => {
    const ctx = fakeContext({ home, answers: ["ada", PASSWORD] });
    const provider = new Provider();
    const file = `${home}/by_hand.ts`;
    await Deno.writeTextFile(file, provider.script);
    await adoptScript(ctx, { app: APP, file, hosts: [provider.host] });
    await provider[Symbol.asyncDispose]();
    await assert.rejects(login(ctx, AGREED), (error: AppError) => error.code === "UNREACHABLE");
  });
});

Deno.test("login() asks a person again and sends no password twice", async () => {
  await withSite({}, async (site) => {
    const answers = ["ada", "wrong", "ada", "wrong", "also wrong", "ada", PASSWORD];
    const ctx = site.context({ interactive: true, answers });
    await login(ctx, AGREED);
    assert.deepEqual(site.provider.passwords, ["wrong", "also wrong", PASSWORD]);
  });
});

Deno.test("login() asks a person three times at most", async () => {
  await withSite({}, async (site) => {
    const answers = ["ada", "w1", "ada", "w2", "ada", "w3", "ada", PASSWORD];
    const ctx = site.context({ interactive: true, answers });
    await assert.rejects(login(ctx, AGREED), (error: AppError) => error.code === "AUTH_REFUSED");
    assert.deepEqual(site.provider.passwords, ["w1", "w2", "w3"]);
  });
});

Deno.test("login() does not try a locked account again", async () => {
  await withSite({ loginStatuses: [429] }, async (site) => {
    const ctx = site.context({ interactive: true, answers: ["ada", "w1", "ada", PASSWORD] });
    await assert.rejects(login(ctx, AGREED), (error: AppError) => error.code === "AUTH_REFUSED");
    assert.equal(site.provider.passwords.length, 1);
  });
});

Deno.test("login() asks for consent once, and again for a changed script", async () => {
  await withSite({}, async (site) => {
    const attempt = async () => {
      const ctx = site.context({
        interactive: true,
        confirmations: [true],
        answers: ["ada", PASSWORD],
      });
      await login(ctx, { ...AGREED, yes: false });
      return ctx.asked.length - 2;
    };
    assert.equal(await attempt(), 1);
    assert.equal(await attempt(), 0);
    const script = openHome(site.context()).appFile(APP, "auth_acquire.ts");
    await Deno.writeTextFile(script, `${await Deno.readTextFile(script)}// changed\n`);
    assert.equal(await attempt(), 1);
  });
});

Deno.test("login() proves a script again that was edited since its proof", async () => {
  await withSite({}, async (site) => {
    const ctx = site.context({ answers: ["ada", PASSWORD] });
    const home = openHome(ctx);
    const record = (await readAuthRecord(home, APP))!;
    await writeAuthRecord(home, APP, { ...record, source: "correlation" });
    const proven: string[] = [];
    const reprove = (passed: boolean) => (_: unknown, __: unknown, app: string, source: string) => {
      proven.push(`${app} ${source === site.provider.script}`);
      const mismatches = passed
        ? []
        : [{ step: "s1", trace: "t_0001", where: "body password", problem: "a recorded value" }];
      return Promise.resolve({
        passed,
        steps: [],
        assumptions: [],
        mismatches,
        refresh: "none" as const,
        scriptSha256: record.scriptSha256,
        provedAt: "2026-01-01T00:00:00.000Z",
      });
    };
    const input = { app: APP, yes: true };
    await assert.rejects(
      login(ctx, { ...input, reprove: reprove(false) }),
      (error: AppError) =>
        error.code === "PROOF_FAILED" && /body password: a recorded value/.test(error.message),
    );
    await assert.rejects(
      login(ctx, { ...input, reprove: reprove(true) }),
      (error: AppError) => error.code === "PROOF_FAILED",
      "the failed proof is remembered",
    );
    await writeAuthRecord(home, APP, { ...record, source: "correlation" });
    await login(ctx, { ...input, reprove: reprove(true) });
    assert.deepEqual(proven, ["shop true", "shop true"]);
    assert.equal((await readAuthRecord(home, APP))?.proof?.passed, true);
  });
});

Deno.test("refreshToken() exchanges the refresh token now and keeps the new one", async () => {
  await withSite({}, async (site) => {
    const ctx = site.context({ answers: ["ada", PASSWORD] });
    await login(ctx, AGREED);
    const old = site.provider.refreshToken;
    const status = await refreshToken(site.context(), { app: APP });
    assert.equal(status.state, "valid");
    assert.deepEqual(site.provider.refreshes, [old]);
    const token = await readToken(openHome(ctx), APP);
    assert.equal(token?.refresh_token, site.provider.refreshToken);
  });
});

Deno.test("refreshToken() under way outlives an interruption: the answer holds the new token", async () => {
  const interruption = new AbortController();
  const beforeRefresh = async () => {
    interruption.abort();
    await new Promise((resolve) => setTimeout(resolve, 200));
  };
  await withSite({ beforeRefresh }, async (site) => {
    await login(site.context({ answers: ["ada", PASSWORD] }), AGREED);
    const ctx = site.context({ signal: interruption.signal });
    await refreshToken(ctx, { app: APP });
    const token = await readToken(openHome(ctx), APP);
    assert.equal(token?.refresh_token, site.provider.refreshToken);
    await assert.rejects(
      refreshToken(ctx, { app: APP }),
      (error: AppError) => error.code === "INTERRUPTED",
      "a refresh is not begun after it",
    );
  });
});

Deno.test("refreshToken() tells a refused refresh token and leaves the token alone", async () => {
  await withSite({}, async (site) => {
    const ctx = site.context({ answers: ["ada", PASSWORD] });
    await login(ctx, AGREED);
    const before = await readToken(openHome(ctx), APP);
    site.provider.revoked = true;
    await assert.rejects(
      refreshToken(site.context(), { app: APP }),
      (error: AppError) => error.code === "AUTH_NEEDED" && /auth login shop/.test(error.hint ?? ""),
    );
    assert.deepEqual(await readToken(openHome(ctx), APP), before);
  });
});

Deno.test("authHeaders() refreshes an expired token by itself", async () => {
  await withSite({ expiresInSec: 5 }, async (site) => {
    const ctx = site.context({ answers: ["ada", PASSWORD] });
    await login(ctx, AGREED);
    ctx.nowMs += 10_000;
    const { headers } = await authHeaders(ctx, { app: APP });
    assert.deepEqual(headers, [["Authorization", `Bearer ${site.provider.accessToken}`]]);
    assert.equal(site.provider.granted, 1);
  });
});

Deno.test("logout() removes the token, and nothing when there is none", async () => {
  await withSite({}, async (site) => {
    const ctx = site.context({ answers: ["ada", PASSWORD] });
    await login(ctx, AGREED);
    assert.deepEqual(await logout(ctx, { app: APP }), { app: APP, removed: true });
    assert.deepEqual(await logout(ctx, { app: APP }), { app: APP, removed: false });
    assert.equal((await authStatus(ctx, { app: APP })).state, "none");
    await assert.rejects(
      authHeaders(ctx, { app: APP }),
      (error: AppError) => error.code === "AUTH_NEEDED",
    );
  });
});

Deno.test("authHeaders() explains credentials that are no headers", async () => {
  await withSite({}, async (site) => {
    const ctx = site.context();
    const token = tokenState({
      headers: {},
      body_params: { "params.sid": "session-identifier" },
      computed: [{ kind: "http_digest", username: "ada", password: "digest-password" }],
    });
    await writeToken(openHome(ctx), APP, token);
    await assert.rejects(authHeaders(ctx, { app: APP }), (error: AppError) => {
      assert.equal(error.code, "UNSUPPORTED");
      assert.match(error.message, /HTTP Digest.*body parameter "params\.sid"/);
      return !/session-identifier|digest-password/.test(error.message);
    });
  });
});
