/** The test of one fixture: logged in to as the second account, or refused with a way out. */
import assert from "node:assert/strict";
import type { FixtureApp } from "../../fixtures/apps/harness.ts";
import { APP_NAMES, loadApp } from "../../fixtures/apps/registry.ts";
import { AppError } from "../../lib/base/error.ts";
import { type LoginTrial, tryLogin } from "../support/login_trial.ts";

/**
 * Registers a test for every `every`-th fixture, from `first` on. Files are run in parallel, the tests
 * of one file are not: two files take half the time of one.
 */
export function testLogins(first: number, every: number): void {
  for (let at = first; at < APP_NAMES.length; at += every) {
    const name = APP_NAMES[at]!;
    Deno.test(`${name} lets the second account in by a proven script, or is refused`, async () => {
      const app = await loadApp(name);
      const trial = await tryLogin(name);
      if (app.refusal === undefined) assertLoggedIn(app, trial);
      else assertRefused(trial);
    });
  }
}

function assertLoggedIn(app: FixtureApp, trial: LoginTrial): void {
  const { analysis, login, check, renewed } = trial;
  assert.equal(analysis.result, "script", analysis.reasons.join("\n"));
  assert.equal(analysis.proof?.passed, true);
  if (login instanceof AppError) throw login;
  assert.ok(["confirmed", "none", "inconclusive"].includes(login?.probe ?? ""), login?.probe);
  assert.ok(trial.asSecond, `${check?.status} ${check?.text}`);
  assert.equal(analysis.refresh, app.refresh);
  if (renewed instanceof AppError) throw renewed;
  assert.equal(renewed, app.refresh === "none" ? null : true);
}

/** A refusal says what to do instead: a command, or another way of recording. */
function assertRefused({ analysis, login }: LoginTrial): void {
  assert.equal(analysis.result, "refused");
  assert.equal(analysis.script, null);
  assert.equal(login, null);
  assert.match(
    analysis.reasons.join("\n"),
    /"keysmith auth (set|extract) APP"|import again|use the app's official client/,
  );
}
