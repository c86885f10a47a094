/** Sessions that end on the server, each answered to in another way: noticed, and never passed off as success. */
import assert from "node:assert/strict";
import { endingSession, type StrangerAnswer } from "../../fixtures/apps/sessions/ending_session.ts";
import { SECOND } from "../../fixtures/apps/parts/accounts.ts";
import type { AppError } from "../../lib/base/error.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { authStatus } from "../../lib/ops/auth_status.ts";
import { callTool } from "../../lib/ops/call_tool.ts";
import { login } from "../../lib/ops/login.ts";
import { openHome } from "../../lib/store/home.ts";
import { readToken, writeToken } from "../../lib/token/token_file.ts";
import { tokenState } from "../support/token_home.ts";
import { testedKeysmith } from "../support/keysmith.ts";
import { APP } from "../support/login_trial.ts";
import {
  keepObtained,
  type SessionDesk,
  toolFor,
  withSessionDesk,
} from "../support/session_desk.ts";

const ANSWERS: readonly StrangerAnswer[] = [
  "status-401",
  "status-403",
  "forbidden-text",
  "login-page",
  "redirect",
  "error-code",
  "anonymous",
  "app-page",
];

async function signIn(desk: SessionDesk): Promise<void> {
  const { username, password } = SECOND;
  const response = await fetch(`${desk.running.origins[0]}/session`, {
    method: "POST",
    body: JSON.stringify({ username, password }),
  });
  await response.body?.cancel();
  const Cookie = response.headers.getSetCookie()[0]!.split(";")[0]!;
  assert.equal(await keepObtained(desk, { headers: { Cookie } }), "confirmed");
}

for (const answer of ANSWERS) {
  Deno.test(`the end of a session is noticed by every tool: ${answer}`, async () => {
    const { app, end, resume } = endingSession(answer);
    await withSessionDesk(app, async (desk) => {
      const { ctx, running } = desk;
      await signIn(desk);
      const token = await readToken(openHome(ctx), APP);
      const calls = [["/api/me"], ["/api/notes"], ["/api/drafts"], ["/api/notes", "POST"]];
      for (const [path, method = "GET"] of calls) {
        if (answer === "anonymous" && method === "POST") continue;
        const tool = await toolFor(desk, method, path!);
        const args = method === "POST" ? { title: "Oats", text: "Two bags" } : {};
        const before = running.counters.requests;
        const alive = await callTool(ctx, { owner: APP, tool, args });
        assert.equal(alive.error, null);
        assert.ok(running.counters.requests - before <= 2, "asked again at most once");
        end();
        await assert.rejects(callTool(ctx, { owner: APP, tool, args }), (error: AppError) => {
          assert.equal(error.code, "AUTH_NEEDED", `${path}: ${error.message}`);
          assert.match(error.hint ?? "", /keysmith auth login/);
          return true;
        });
        assert.equal((await authStatus(ctx, { app: APP })).state, "stale");
        resume();
        await writeToken(openHome(ctx), APP, token!);
      }
    });
  });
}

Deno.test("a refusal of one request is not the end of the session", async () => {
  const { app } = endingSession("status-403");
  await withSessionDesk(app, async (desk) => {
    await signIn(desk);
    const tool = await toolFor(desk, "POST", "/api/notes");
    const args = { title: "", text: "No title: refused with 403" };
    const { status, error } = await callTool(desk.ctx, { owner: APP, tool, args });
    assert.equal(status, 403);
    assert.equal(error?.code, "UPSTREAM_REFUSED");
    assert.equal((await authStatus(desk.ctx, { app: APP })).state, "valid");
  });
});

Deno.test("a page in place of data is an error where nothing was measured to tell more", async () => {
  const { app } = endingSession("app-page");
  await withSessionDesk(app, async (desk) => {
    const token = tokenState({
      origins: desk.running.origins,
      headers: { Cookie: "ledger_sid=x" },
    });
    await writeToken(openHome(desk.ctx), APP, token);
    const tool = await toolFor(desk, "GET", "/api/me");
    const { status, error } = await callTool(desk.ctx, { owner: APP, tool, args: {} });
    assert.equal(status, 200);
    assert.equal(error?.code, "UPSTREAM_REFUSED");
    assert.match(error?.hint ?? "", /keysmith auth login/);
  });
});

Deno.test("call ends in exit code 3 when a page stands where data was recorded", async () => {
  const { app, end } = endingSession("app-page");
  await withSessionDesk(app, async (desk) => {
    await analyzeAuth(desk.ctx, { app: APP });
    assert.equal((await login(desk.ctx, { app: APP, yes: true })).probe, "confirmed");
    const tool = await toolFor(desk, "GET", "/api/me");
    const before = await testedKeysmith(["call", APP, tool], desk);
    assert.equal(before.code, 0, before.stderr);
    assert.ok(before.stdout.includes(SECOND.name));
    end();
    const after = await testedKeysmith(["call", APP, tool], desk);
    assert.equal(after.code, 3, after.stderr);
    assert.equal(after.stdout, "");
    const status = await testedKeysmith(["auth", "status", APP, "--json"], desk);
    assert.equal(JSON.parse(status.stdout).state, "stale");
  });
});
