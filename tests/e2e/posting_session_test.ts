/** Applications that answer everything to a POST: their sessions' end is seen where a question may be repeated. */
import assert from "node:assert/strict";
import { SECOND } from "../../fixtures/apps/parts/accounts.ts";
import { postingSession, type Protocol } from "../../fixtures/apps/sessions/posting_session.ts";
import type { AppError } from "../../lib/base/error.ts";
import { callTool } from "../../lib/ops/call_tool.ts";
import { toolOwner } from "../../lib/ops/find_tool_owner.ts";
import { openHome } from "../../lib/store/home.ts";
import { readSigns } from "../../lib/token/session_signs.ts";
import { readToken } from "../../lib/token/token_file.ts";
import { testedKeysmith } from "../support/keysmith.ts";
import { APP } from "../support/login_trial.ts";
import { keepObtained, type SessionDesk, withSessionDesk } from "../support/session_desk.ts";

async function signIn({ running }: SessionDesk, protocol: Protocol) {
  const { username, password } = SECOND;
  const response = await fetch(`${running.origins[0]}/login`, {
    method: "POST",
    body: JSON.stringify({ username, password }),
  });
  const { session } = await response.json();
  const Cookie = response.headers.getSetCookie()[0]!.split(";")[0]!;
  return protocol === "graphql"
    ? { headers: { Cookie } }
    : { headers: {}, body_params: { session } };
}

const toolsOf = async ({ ctx }: SessionDesk) =>
  (await (await toolOwner(ctx, APP)).list()).tools.map(({ name }) => name);

for (const protocol of ["graphql", "json-rpc", "viewing"] as const) {
  Deno.test(`an ended session is noticed where all is POST: ${protocol}`, async () => {
    const { app, changes } = postingSession(protocol);
    await withSessionDesk(app, async (desk) => {
      const { ctx, running } = desk;
      const before = changes();
      assert.equal(await keepObtained(desk, await signIn(desk, protocol)), "confirmed");
      assert.equal(changes(), before, "the trial changed something");
      assert.equal((await readSigns(openHome(ctx), APP)).length, 2);
      const [reading, changing] = [/(^|_)(me|get)/, /release/]
        .map((pattern) => (name: string) => pattern.test(name));
      const names = await toolsOf(desk);
      for (const is of [reading!, changing!]) {
        const tool = names.find(is)!;
        const args = is === changing ? { ring: "grey" } : {};
        const given = Object.entries(args).flatMap((
          [name, value],
        ) => ["--arg", `${name}=${value}`]);
        const { code, stderr } = await testedKeysmith(["call", APP, tool, ...given], desk);
        assert.equal(code, 0, `${tool}: ${stderr}`);
      }
      running.endSessions();
      const made = changes();
      await assert.rejects(
        callTool(ctx, { owner: APP, tool: names.find(changing!)!, args: { ring: "red" } }),
        (error: AppError) => error.code === "AUTH_NEEDED",
      );
      assert.equal((await readToken(openHome(ctx), APP))?.stale, true);
      assert.equal(changes(), made);
    });
  });
}

Deno.test("where nothing may be repeated, an answer that is not like the recorded ones is said to be open", async () => {
  const { app } = postingSession("unnamed");
  await withSessionDesk(app, async (desk) => {
    const { ctx, running } = desk;
    assert.equal(await keepObtained(desk, await signIn(desk, "unnamed")), "none");
    const tool = (await toolsOf(desk)).find((name) => /card/.test(name))!;
    const lines: string[] = [];
    const heard = { ...ctx, term: { ...ctx.term, err: (text: string) => void lines.push(text) } };
    assert.equal((await callTool(heard, { owner: APP, tool, args: {} })).error, null);
    assert.deepEqual(lines, []);
    running.endSessions();
    const { error } = await callTool(heard, { owner: APP, tool, args: {} });
    assert.equal(error?.code, "UPSTREAM_REFUSED");
    assert.match(lines.join("\n"), /whether the session has ended; if it has: keysmith auth login/);
  });
});
