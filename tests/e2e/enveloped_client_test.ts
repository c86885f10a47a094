/** Constants of a client in bodies: sent as recorded, no arguments, and no credentials. */
import assert from "node:assert/strict";
import { CLIENT, envelopedClient } from "../../fixtures/apps/sessions/enveloped_client.ts";
import { SECOND } from "../../fixtures/apps/parts/accounts.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { login } from "../../lib/ops/login.ts";
import { toolOwner } from "../../lib/ops/find_tool_owner.ts";
import { testedKeysmith } from "../support/keysmith.ts";
import { APP } from "../support/login_trial.ts";
import { withSessionDesk } from "../support/session_desk.ts";

Deno.test("what a client says of itself in bodies is a constant of each tool, and the method tells them apart", async () => {
  const { app, bodies } = envelopedClient();
  await withSessionDesk(app, async (desk) => {
    const { ctx } = desk;
    await analyzeAuth(ctx, { app: APP });
    await login(ctx, { app: APP, yes: true });
    const { tools } = await (await toolOwner(ctx, APP)).list();
    assert.equal(tools.length, 5, tools.map(({ name }) => name).join());
    const calls: readonly [path: string, args: readonly string[], method: string | undefined][] = [
      ["/users/me", [], "GET"],
      ["/classes/Boat", ["limit=5"], "GET"],
      ["/classes/Boat", ["name=Ada"], undefined],
    ];
    for (const [path, args, _method] of calls) {
      const wanted = args.map((arg) => arg.split("=")[0]);
      const tool = tools.find(({ url, parameters }) => {
        const { properties = {} } = parameters as { readonly properties?: object };
        return url.endsWith(path) && Object.keys(properties).join() === wanted.join();
      });
      assert.ok(tool !== undefined, `${path} ${wanted}: ${JSON.stringify(tools)}`);
      const given = args.flatMap((arg) => ["--arg", arg]);
      const ran = await testedKeysmith(["call", APP, tool.name, ...given], desk);
      assert.equal(ran.code, 0, ran.stderr);
      if (path === "/users/me") assert.ok(ran.stdout.includes(SECOND.name));
      const { _ApplicationId, _ClientVersion, ...sent } = bodies().at(-1)!;
      assert.deepEqual({ _ApplicationId, _ClientVersion }, CLIENT);
      assert.equal(sent["_method"], _method);
    }
    const { code, stdout, stderr } = await testedKeysmith(["auth", "headers", APP], desk);
    assert.equal(code, 1);
    assert.match(stderr, /no fixed header: body parameter "_SessionToken"/);
    assert.ok(!`${stdout}${stderr}`.includes(CLIENT._ApplicationId));
  });
});
