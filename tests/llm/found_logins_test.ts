/** Logins that correlation cannot derive, completed by what a model finds out, at running sites. */
import assert from "node:assert/strict";
import { SECOND } from "../../fixtures/apps/parts/accounts.ts";
import { FOUND_NAMES } from "../../fixtures/apps/found/registry.ts";
import { MAX_INPUT, MAX_OUTPUT, tokensOf, tryFound } from "../support/found_trial.ts";

for (const name of FOUND_NAMES) {
  Deno.test(`${name} lets the second account in by what a model found out`, async () => {
    const { app, before, after, script, model, shown } = await tryFound(name);
    assert.ok(
      before.result !== "script" || before.proof!.assumptions.some(({ isSettled }) => !isSettled),
      "correlation alone is sure of it",
    );
    assert.equal(after.result, "script", after.reasons.join("\n"));
    assert.equal(after.proof?.passed, true);
    assert.ok(shown.includes(SECOND.name), shown);
    const { username, password } = app.users.recorded;
    for (const secret of [username, password, app.users.recorded.name]) {
      assert.ok(!model.sent().includes(secret), "a value was sent");
      assert.ok(!script.includes(secret), "a value stands in the script");
    }
    const { input, output } = tokensOf(model, app);
    assert.ok(input <= MAX_INPUT && output <= MAX_OUTPUT, `${input} in, ${output} out`);
  });
}
