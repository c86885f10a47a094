/** The same application at two places: each with its own token, and never a credential of one at the other. */
import assert from "node:assert/strict";
import { SECOND } from "../../fixtures/apps/parts/accounts.ts";
import type { RunningApp } from "../../fixtures/apps/harness.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { analyzeTools } from "../../lib/ops/analyze_tools.ts";
import { testedKeysmith } from "../support/keysmith.ts";
import { APP, type LoginDesk, withLoginDesk } from "../support/login_trial.ts";

interface Places {
  readonly desk: LoginDesk;
  readonly production: RunningApp;
  readonly staging: RunningApp;
  /** Runs a command with the answers of the second account; its output. */
  run(args: readonly string[], exitCode?: number): Promise<string>;
  /** Writes the configuration that `run` is given. */
  configure(environment: unknown): Promise<void>;
}

async function withTwoPlaces(name: string, work: (places: Places) => Promise<void>): Promise<void> {
  await withLoginDesk(name, {}, async (desk) => {
    const ctx = desk.contextOf(SECOND);
    const { inputs } = await analyzeAuth(ctx, { app: APP });
    await analyzeTools(ctx, { app: APP });
    const staging = await desk.fixture.app.start({});
    const config = `${desk.home}/config.json`;
    await Deno.writeTextFile(config, "{}");
    const stdin = JSON.stringify(Object.fromEntries(
      inputs.map(({ label }) => [label, desk.fixture.answerPrompt(SECOND, label)]),
    ));
    try {
      await work({
        desk,
        production: desk.fixture.running,
        staging,
        run: async (args, exitCode = 0) => {
          const { home } = desk;
          const ran = await testedKeysmith([...args, "--config", config], { home, stdin });
          assert.equal(ran.code, exitCode, `${args.join(" ")}: ${ran.stdout}${ran.stderr}`);
          return ran.stdout + ran.stderr;
        },
        configure: (environment) => {
          const apps = { [APP]: { environments: { staging: environment } } };
          return Deno.writeTextFile(config, JSON.stringify({ apps }));
        },
      });
    } finally {
      await staging.stop();
    }
  });
}

const LOGIN = ["--yes", "--answers", "-"];

Deno.test("an environment is logged in to, called and renewed without a word to the recorded place", () =>
  withTwoPlaces("json_bearer", async ({ desk, production, staging, run, configure }) => {
    const [base] = staging.origins as [string];
    const asked = production.counters.requests;
    // By its address alone, and from then on by the name that the address has.
    const name = `${APP}:${new URL(base).host.replace(":", "-")}`;
    assert.match(await run(["auth", "login", APP, "--base", `${base}/`, ...LOGIN]), /127\.0\.0\.1/);
    assert.ok((await run(["call", name, "get_profile"])).includes(SECOND.name));
    assert.equal(staging.counters.logins, 1);

    // By the configuration: its own token, although it is the same place.
    await configure(base);
    assert.match(
      await run(["call", APP, "get_profile", "--env", "staging"], 3),
      /auth login fixture:staging/,
    );
    await run(["auth", "login", APP, "--env", "staging", "--account", "bob", ...LOGIN]);
    assert.ok((await run(["call", `${APP}:staging@bob`, "get_profile"])).includes(SECOND.name));
    assert.match(await run(["auth", "status", `${APP}:staging`], 3), /no token|none/);
    await run(["auth", "login", APP, "--base", base, ...LOGIN]);
    assert.equal(
      JSON.parse(await run(["auth", "status", `${APP}:staging`, "--json"])).state,
      "valid",
    );
    await run(["auth", "refresh", `${APP}:staging`, "--yes"]);
    assert.equal(staging.counters.refreshes, 1);
    assert.match(await run(["tools", APP, "--env", "staging"]), new RegExp(base));
    assert.match(await run(["auth", "headers", `${APP}:staging`]), /^Authorization: Bearer /);
    const { accounts } = JSON.parse(await run(["auth", "list", "--json"])) as {
      accounts: { name: string; state: string; environment: string | null }[];
    };
    assert.deepEqual(accounts.map(({ name, state }) => [name, state]), [
      [APP, "none"],
      [name, "valid"],
      [`${APP}:staging`, "valid"],
      [`${APP}:staging@bob`, "valid"],
    ]);
    assert.equal(production.counters.requests, asked, "the recorded place was asked");

    assert.match(await run(["config", "check"]), /./);
    const unknown = await run(["mcp", "stdio", "--app", APP, "--env", "test"], 1);
    assert.match(unknown, /"fixture" has no environment "test"/);

    // And the other way round.
    const there = staging.counters.requests;
    await run(["auth", "login", APP, ...LOGIN]);
    assert.ok((await run(["call", APP, "get_profile"])).includes(SECOND.name));
    assert.equal(staging.counters.requests, there, "the environment was asked");

    // A token stays with its place.
    await configure(production.origins[0]);
    assert.match(await run(["call", `${APP}:staging`, "get_profile"], 1), /has a token of there/);
    await run(["app", "remove", `${APP}:staging`, "--yes"]);
    assert.equal(JSON.parse(await run(["auth", "status", name, "--json"])).state, "valid");
    assert.equal(JSON.parse(await run(["auth", "status", APP, "--json"])).state, "valid");
    assert.match(await run(["auth", "extract", name], 2), /of another place than its environment/);
    assert.equal(desk.fixture.running.counters.refusedLogins, 0);
  }));

Deno.test("an environment says of every site where it is, and is else refused", () =>
  withTwoPlaces("oidc_query", async ({ production, staging, run, configure }) => {
    const asked = production.counters.requests;
    const one = await run(["auth", "login", APP, "--base", staging.origins[0]!, ...LOGIN], 1);
    for (const origin of production.origins) assert.ok(one.includes(origin), one);
    assert.match(one, /hint: Name each under apps\.fixture\.environments\./);

    await configure({ [production.origins[0]!]: staging.origins[0] });
    const part = await run(["auth", "login", APP, "--env", "staging", ...LOGIN], 1);
    assert.match(part, /does not say where http:\/\/127\.0\.0\.1:\d+ is/);
    assert.match(
      await run(["auth", "login", APP, "--env", "test", ...LOGIN], 1),
      /no environment "test"/,
    );

    await configure(
      Object.fromEntries(
        production.origins.map((origin, index) => [origin, staging.origins[index]]),
      ),
    );
    await run(["auth", "login", APP, "--env", "staging", ...LOGIN]);
    assert.equal(production.counters.requests, asked, "the recorded place was asked");
    assert.equal(staging.counters.logins, 1);
  }));
