/** What does not go well: each kind of failure ends in its own code, and nothing is stored. */
import assert from "node:assert/strict";
import { type Account, LOCKED, SECOND } from "../../fixtures/apps/parts/accounts.ts";
import { AppError, type ErrorCode } from "../../lib/base/error.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { login } from "../../lib/ops/login.ts";
import { openHome } from "../../lib/store/home.ts";
import { readToken } from "../../lib/token/token_file.ts";
import { testedKeysmith } from "../support/keysmith.ts";
import { APP, type LoginDesk, withLoginDesk } from "../support/login_trial.ts";

const WRONG: Account = { ...SECOND, password: "Wr0ng-Pass-77", apiKey: "fxk_0000000000000000" };

async function withAnalysed(name: string, work: (desk: LoginDesk) => Promise<void>): Promise<void> {
  await withLoginDesk(name, {}, async (desk) => {
    const { result, reasons } = await analyzeAuth(desk.contextOf(SECOND), { app: APP });
    assert.equal(result, "script", reasons.join("\n"));
    await work(desk);
  });
}

/** The error in which a login ends; nothing may be stored then. */
async function failure(desk: LoginDesk, account: Account, unproven = false): Promise<AppError> {
  const ctx = desk.contextOf(account);
  const error = await login(ctx, { app: APP, yes: true, unproven }).then(
    () => assert.fail("the login succeeded"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof AppError, String(error));
  assert.equal(await readToken(openHome(ctx), APP), null);
  return error;
}

function assertCode(error: AppError, code: ErrorCode, exitCode: number): void {
  assert.equal(error.code, code, error.message);
  assert.equal(error.exitCode, exitCode);
}

/**
 * Logins that say no in different ways: an error status, a form shown again with 200, a page of an
 * identity provider on another origin, error codes in words, and no login request at all.
 */
const REFUSALS = [
  { name: "json_bearer", locked: "locked" },
  { name: "form_csrf", locked: "locked" },
  { name: "two_page", locked: "locked" },
  { name: "oidc_query", locked: "locked" },
  { name: "firebase", locked: "locked" },
  { name: "okta", locked: "locked" },
  { name: "saml_sso", locked: "locked" },
  { name: "basic_native", locked: null },
  { name: "api_key", locked: null },
] as const;

for (const { name, locked } of REFUSALS) {
  Deno.test(
    `auth login to ${name} reports a wrong credential as refused${
      locked === null ? "" : " and a locked account as locked"
    }`,
    () =>
      withAnalysed(name, async (desk) => {
        const wrong = await failure(desk, WRONG);
        assertCode(wrong, "AUTH_REFUSED", 3);
        if (locked === null) return;
        assert.equal(wrong.details["reason"], "refused", wrong.message);
        const { refusedLogins } = desk.fixture.running.counters;
        assert.equal(refusedLogins, 1, "a refused password is sent once");
        const blocked = await failure(desk, LOCKED);
        assertCode(blocked, "AUTH_REFUSED", 3);
        assert.equal(blocked.details["reason"], locked, blocked.message);
      }),
  );
}

Deno.test("auth login reports a wrong one-time code as refused", () =>
  withAnalysed("otp_email", async (desk) => {
    const ctx = desk.contextOf(SECOND);
    const promptText = (label: string) =>
      /code/i.test(label) ? Promise.resolve("000000") : ctx.term.promptText(label);
    const term = { ...ctx.term, promptText };
    await assert.rejects(login({ ...ctx, term }, { app: APP, yes: true }), {
      code: "AUTH_REFUSED",
    });
  }));

for (const name of ["json_bearer", "oidc_query"]) {
  Deno.test(`auth login to ${name} says that the site is down when it is`, () =>
    withAnalysed(name, async (desk) => {
      await desk.fixture.running.stop();
      assertCode(await failure(desk, SECOND), "UNREACHABLE", 5);
    }));
}

/** Edits of a proven script, each as a change of the site would break it. */
const BROKEN = [
  { what: "a page that is gone", from: "/api/auth/login", to: "/sign-in" },
  { what: "a field that has another name", from: '"accessToken"', to: '"access"' },
  { what: "a mistake of its own", from: "await s1.text()", to: "await s1.txet()" },
] as const;

for (const { what, from, to } of BROKEN) {
  Deno.test(`a script with ${what} fails its proof, and live it is not a refusal`, () =>
    withAnalysed("json_bearer", async (desk) => {
      const path = openHome(desk.contextOf(SECOND)).appFile(APP, "auth_acquire.ts");
      const script = await Deno.readTextFile(path);
      assert.ok(script.includes(from));
      await Deno.writeTextFile(path, script.replaceAll(from, to));
      assertCode(await failure(desk, SECOND), "PROOF_FAILED", 1);
      assert.equal(desk.fixture.running.counters.logins, 0);
      const broken = await failure(desk, SECOND, true);
      assertCode(broken, "SCRIPT_FAILED", 1);
      assert.match(broken.hint ?? "", /keysmith auth analyze/);
    }));
}

Deno.test("auth login answers every failure as JSON with its exit code and without the password", () =>
  withAnalysed("json_bearer", async ({ home }) => {
    const stdin = JSON.stringify({
      email: WRONG.email,
      text: WRONG.email,
      password: WRONG.password,
    });
    const args = ["auth", "login", APP, "--yes", "--answers", "-", "--json"];
    const { code, stdout, stderr } = await testedKeysmith(args, { home, stdin });
    assert.equal(code, 3, stderr);
    assert.equal(JSON.parse(stdout).error.code, "AUTH_REFUSED");
    assert.ok(!`${stdout}${stderr}`.includes(WRONG.password));
  }));
