/** Tokens against forgery of apps whose recorded user wrote once: each write fetches its own, good once or not. */
import assert from "node:assert/strict";
import { SECOND } from "../../fixtures/apps/parts/accounts.ts";
import { GUARD_STYLES, guardedWrites } from "../../fixtures/apps/sessions/guarded_writes.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { callTool } from "../../lib/ops/call_tool.ts";
import { login } from "../../lib/ops/login.ts";
import { APP } from "../support/login_trial.ts";
import {
  keepObtained,
  type SessionDesk,
  toolFor,
  withSessionDesk,
} from "../support/session_desk.ts";

const TEXTS = ["Hail", "Snow", "Fog"];

async function write({ ctx }: SessionDesk, tool: string): Promise<void> {
  for (const text of TEXTS) {
    const { error } = await callTool(ctx, { owner: APP, tool, args: { text } });
    assert.equal(error, null, JSON.stringify(error));
  }
}

Deno.test("three writes pass with what a login script was handed out, though it is good once", async () => {
  const style = GUARD_STYLES.find(({ name }) => name.includes("Rails"))!;
  const { app, written } = guardedWrites(style, true);
  await withSessionDesk(app, async (desk) => {
    const analysis = await analyzeAuth(desk.ctx, { app: APP });
    assert.equal(analysis.proof?.passed, true, JSON.stringify(analysis));
    await login(desk.ctx, { app: APP, yes: true });
    await write(desk, await toolFor(desk, "POST", "/entries"));
    assert.deepEqual(written(), ["Rain", ...TEXTS]);
  });
});

for (const style of GUARD_STYLES) {
  for (const isGoodOnce of /Django|SAP/.test(style.name) ? [true, false] : [true]) {
    const life = isGoodOnce ? "once" : "as long as the session";
    Deno.test(`three writes of an app pass, its token good ${life}: ${style.name}`, async () => {
      const { app, written, signIn } = guardedWrites(style, isGoodOnce);
      await withSessionDesk(app, async (desk) => {
        await keepObtained(desk, await signIn(desk.running.origins[0]!, SECOND));
        await write(desk, await toolFor(desk, "POST", "/entries"));
        assert.deepEqual(written(), ["Rain", ...TEXTS]);
      });
    });
  }
}
