/** A site that locks accounts: stored answers that are wrong are sent once, whatever is called how often. */
import assert from "node:assert/strict";
import { lockOut } from "../../fixtures/apps/sessions/lock_out.ts";
import { SECOND } from "../../fixtures/apps/parts/accounts.ts";
import { testedKeysmith } from "../support/keysmith.ts";
import { APP } from "../support/login_trial.ts";
import { toolFor, withSessionDesk } from "../support/session_desk.ts";

Deno.test("stored answers that became wrong are sent once, and again when they change", async () => {
  const { app, wrong, changePassword, open } = lockOut();
  await withSessionDesk(app, async (desk) => {
    const { home, running } = desk;
    const config = `${home}/config.json`;
    const answer = (Password: string) =>
      Deno.writeTextFile(
        config,
        JSON.stringify({ apps: { [APP]: { answers: { Username: SECOND.username, Password } } } }),
      );
    const run = async (args: readonly string[], expected = 0) => {
      const ran = await testedKeysmith([...args, "--config", config], { home });
      assert.equal(ran.code, expected, `${args.join(" ")}: ${ran.stderr}`);
      return ran.stdout + ran.stderr;
    };
    await answer(SECOND.password);
    await run(["auth", "analyze", APP]);
    await run(["auth", "login", APP, "--yes"]);
    const tool = await toolFor(desk, "GET", "/api/me");

    changePassword(SECOND, "New-Pass-2027!");
    running.endSessions();
    assert.match(await run(["call", APP, tool], 3), /auth login fixture/);
    for (let turn = 0; turn < 3; turn++) await run(["call", APP, tool], 3);
    await run(["auth", "headers", APP], 3);
    assert.equal(wrong(SECOND), 1, "the account was at risk");
    assert.match(await run(["auth", "status", APP], 3), /refused/);

    await answer("New-Pass-2027!");
    assert.ok((await run(["call", APP, tool])).includes(SECOND.name));
    assert.equal(wrong(SECOND), 0);

    // Locked by somebody else: told apart, and left alone until the user has logged in.
    for (let turn = 0; turn < 3; turn++) {
      await fetch(`${running.origins[0]}/login`, {
        method: "POST",
        body: JSON.stringify({ username: SECOND.username, password: "guess" }),
      }).then((response) => response.body?.cancel());
    }
    running.endSessions();
    assert.match(await run(["call", APP, tool], 3), /locked/);
    const asked = running.counters.refusedLogins;
    assert.match(await run(["call", APP, tool], 3), /locked|refused/);
    assert.equal(running.counters.refusedLogins, asked, "a locked account was tried again");
    open(SECOND);
    await run(["auth", "login", APP]);
    assert.ok((await run(["call", APP, tool])).includes(SECOND.name));
  });
});
