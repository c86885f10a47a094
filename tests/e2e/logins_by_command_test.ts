/** A handful of login styles by the real command line; of the first each command is a process of its own. */
import assert from "node:assert/strict";
import { SECOND } from "../../fixtures/apps/parts/accounts.ts";
import type { OpenFixture } from "../../fixtures/apps/recording.ts";
import { APP, withLoginDesk } from "../support/login_trial.ts";
import { type CliRun, keysmith, testedKeysmith } from "../support/keysmith.ts";

const STYLES = ["json_bearer", "form_csrf", "two_page", "oidc_query", "basic_native"];

function succeeded({ code, stdout, stderr }: CliRun): string {
  assert.equal(code, 0, `${stdout}${stderr}`);
  return stdout;
}

/** `--answers` for the second account, from the labels that `auth analyze --json` names. */
function answersFor(fixture: OpenFixture, analysis: string): string {
  const { inputs } = JSON.parse(analysis) as { inputs: { label: string }[] };
  const answers = inputs.map(({ label }) => [label, fixture.answerPrompt(SECOND, label)]);
  return JSON.stringify(Object.fromEntries(answers));
}

for (const name of STYLES) {
  Deno.test(`the commands log the second account in to ${name}, and curl's headers act as it`, () =>
    withLoginDesk(name, {}, async ({ fixture, home }) => {
      const command = name === STYLES[0] ? keysmith : testedKeysmith;
      const analysis = succeeded(await command(["auth", "analyze", APP, "--json"], { home }));
      const stdin = answersFor(fixture, analysis);
      const login = ["auth", "login", APP, "--yes", "--answers", "-", "--json"];
      const { state } = JSON.parse(succeeded(await command(login, { home, stdin })));
      assert.equal(state, "valid");

      const headers = new Headers(fixture.checkFor(SECOND).headers);
      const printed = succeeded(await command(["auth", "headers", APP], { home }));
      for (const line of printed.trimEnd().split("\n")) {
        const colon = line.indexOf(": ");
        headers.append(line.slice(0, colon), line.slice(colon + 2));
      }
      const { url, method, body } = fixture.checkFor(SECOND);
      const response = await fetch(url, { method, headers, body });
      assert.ok((await response.text()).includes(fixture.shownFor(SECOND)));
    }));
}

for (const name of ["recaptcha", "passkey", "starts_signed_in"]) {
  Deno.test(`auth analyze refuses ${name} with exit code 1 and writes nothing`, () =>
    withLoginDesk(name, {}, async ({ home }) => {
      const { code, stdout } = await testedKeysmith(["auth", "analyze", APP, "--json"], { home });
      assert.equal(code, 1);
      const { result, script, reasons } = JSON.parse(stdout);
      assert.deepEqual({ result, script }, { result: "refused", script: null });
      assert.match(reasons.join("\n"), /keysmith auth (set|extract) APP/);
      const login = await testedKeysmith(["auth", "login", APP, "--yes"], { home });
      assert.equal(login.code, 3);
      assert.match(login.stderr, /keysmith auth analyze/);
    }));
}

Deno.test("auth analyze leaves a digest unexplained until it is told what was typed", () =>
  withLoginDesk("md5_password", {}, async ({ fixture, home }) => {
    const analyze = (more: readonly string[], stdin = "") =>
      testedKeysmith(["auth", "analyze", APP, "--json", ...more], { home, stdin });
    const untold = await analyze([]);
    assert.equal(untold.code, 1);
    const { result, script, reasons } = JSON.parse(untold.stdout);
    assert.equal(result, "draft");
    assert.match(script, /\.draft\.ts$/);
    assert.match(reasons.join("\n"), /t_0003 body password.*keysmith auth analyze APP --answers/);
    const { username, password } = fixture.app.users.recorded;
    const hints = await analyze(["--answers", "-"], JSON.stringify({ username, password }));
    assert.equal(hints.code, 0, hints.stdout);
    const { values } = JSON.parse(hints.stdout) as { values: { kind: string }[] };
    assert.ok(values.some(({ kind }) => kind === "computed"));
  }));
