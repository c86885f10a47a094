/**
 * The main job end to end: the real command line against a running application. One login runs as processes; the others
 * do so against an executable, and within this process where there is none.
 */
import assert from "node:assert/strict";
import type { Account } from "../../fixtures/apps/parts/accounts.ts";
import { LOCKED, RECORDED, SECOND } from "../../fixtures/apps/parts/accounts.ts";
import type { StartOptions } from "../../fixtures/apps/harness.ts";
import { type OpenFixture, openFixture } from "../../fixtures/apps/recording.ts";
import { bringTokenToItsEnd } from "../support/aged_token.ts";
import { type CliRun, keysmith, keysmithWithin, testedKeysmith } from "../support/keysmith.ts";
import { withTempFolder } from "../support/temp_folder.ts";

interface Desk {
  readonly home: string;
  readonly fixture: OpenFixture;
  run(args: readonly string[], stdin?: string): Promise<CliRun>;
}

/** The demo application running, its recording imported as `notes` and analysed. */
async function withDesk(
  options: StartOptions,
  work: (desk: Desk) => Promise<void>,
  command = testedKeysmith,
): Promise<void> {
  await withTempFolder(async (folder) => {
    const fixture = await openFixture("demo", options);
    const home = `${folder}/home`;
    try {
      const har = `${folder}/notes.har`;
      await Deno.writeTextFile(har, fixture.har);
      for (const args of [["capture", "import", "notes", har], ["auth", "analyze", "notes"]]) {
        const { code, stderr } = await keysmithWithin(args, { home });
        assert.equal(code, 0, stderr);
      }
      await work({
        home,
        fixture,
        run: (args, stdin) => command(args, { home, stdin: stdin ?? "" }),
      });
    } finally {
      await fixture.running.stop().catch(() => {});
    }
  });
}

function login({ run }: Desk, { username, password }: Account, more: readonly string[] = []) {
  const answers = JSON.stringify({ username, password });
  return run(["auth", "login", "notes", "--yes", "--answers", "-", ...more], answers);
}

/** Sends the application's check with what `auth headers` prints. */
async function whoAmI({ fixture, run }: Desk, account: Account): Promise<string> {
  const printed = await run(["auth", "headers", "notes"]);
  assert.equal(printed.code, 0, printed.stderr);
  const headers = new Headers(fixture.checkFor(account).headers);
  for (const line of printed.stdout.trimEnd().split("\n")) {
    const colon = line.indexOf(": ");
    headers.append(line.slice(0, colon), line.slice(colon + 2));
  }
  const response = await fetch(fixture.checkFor(account).url, { headers });
  return await response.text();
}

for (const account of [RECORDED, SECOND]) {
  Deno.test(`auth login as ${account.username} ends in headers that act as that user`, () =>
    withDesk({}, async (desk) => {
      const { code, stdout, stderr } = await login(desk, account, ["--json"]);
      assert.equal(code, 0, stderr);
      const { app, state, refreshable, probe } = JSON.parse(stdout);
      const wants = { app: "notes", state: "valid", refreshable: true, probe: "confirmed" };
      assert.deepEqual({ app, state, refreshable, probe }, wants);
      assert.ok((await whoAmI(desk, account)).includes(desk.fixture.shownFor(account)));
    }, account === SECOND ? keysmith : testedKeysmith));
}

Deno.test("auth login tells a refused password and a locked account from a broken script", () =>
  withDesk({}, async (desk) => {
    const wrong = await login(desk, { ...SECOND, password: "Wr0ng-Pass-77" }, ["--json"]);
    assert.equal(wrong.code, 3, wrong.stderr);
    assert.equal(JSON.parse(wrong.stdout).error.code, "AUTH_REFUSED");
    assert.ok(!`${wrong.stdout}${wrong.stderr}`.includes("Wr0ng-Pass-77"));
    const locked = await login(desk, LOCKED, ["--json"]);
    assert.equal(locked.code, 3, locked.stderr);
    assert.equal(JSON.parse(locked.stdout).error.code, "AUTH_REFUSED");
    const status = await desk.run(["auth", "status", "notes", "--json"]);
    assert.equal(JSON.parse(status.stdout).state, "none");
  }));

Deno.test("auth login says that the server is down when it is", () =>
  withDesk({}, async (desk) => {
    await desk.fixture.running.stop();
    const down = await login(desk, SECOND, ["--json"]);
    assert.equal(down.code, 5, down.stderr);
    assert.equal(JSON.parse(down.stdout).error.code, "UNREACHABLE");
  }));

Deno.test("auth headers renews an expired token by itself, and auth refresh renews it now", () =>
  withDesk({}, async (desk) => {
    assert.equal((await login(desk, SECOND)).code, 0);
    const { counters } = desk.fixture.running;
    assert.ok((await whoAmI(desk, SECOND)).includes(SECOND.name));
    assert.equal(counters.refreshes, 0);
    await bringTokenToItsEnd(desk.home, "notes");
    assert.ok((await whoAmI(desk, SECOND)).includes(SECOND.name));
    assert.equal(counters.refreshes, 1, "what is left is too short to rely on");
    const refreshed = await desk.run(["auth", "refresh", "notes"]);
    assert.equal(refreshed.code, 0, refreshed.stderr);
    assert.equal(counters.refreshes, 2);
    assert.equal(counters.logins, 1);
  }));

Deno.test("auth headers names the command to run where only the user can help", () =>
  withDesk({}, async ({ run }) => {
    const { code, stdout, stderr } = await run(["auth", "headers", "notes"]);
    assert.equal(code, 3);
    assert.equal(stdout, "");
    assert.match(stderr, /hint: .*keysmith auth login notes/);
  }));

Deno.test("call sends arguments as the tool declares them and ends as the answer does", () =>
  withDesk({}, async (desk) => {
    assert.equal((await login(desk, SECOND)).code, 0);
    const { run } = desk;
    const profile = await run(["call", "notes", "get_profile"]);
    assert.equal(profile.code, 0, profile.stderr);
    assert.equal(JSON.parse(profile.stdout).name, SECOND.name);

    const made = await run(
      ["call", "notes", "create_note", "--arg", "title=a=b", "--body", "@-"],
      JSON.stringify({ text: "second" }),
    );
    assert.equal(made.code, 0, made.stderr);
    const { id, title, text } = JSON.parse(made.stdout);
    assert.deepEqual({ title, text }, { title: "a=b", text: "second" });

    const got = await run(["call", "notes", "get_note", "--arg", `note_id=${id}`, "--json"]);
    assert.equal(JSON.parse(got.stdout).body.json.title, "a=b");

    const missing = await run(["call", "notes", "get_note", "--arg", "note_id=999999", "--json"]);
    assert.equal(missing.code, 4);
    const { code, details } = JSON.parse(missing.stdout).error;
    assert.equal(code, "UPSTREAM_REFUSED");
    assert.equal(details.answer.status, 404);

    const misspelt = await run(["call", "notes", "get_note", "--arg", "nota_id=1"]);
    assert.equal(misspelt.code, 2);
    assert.match(misspelt.stderr, /nota_id/);
  }));

Deno.test("call renews a token that is about to end, once", () =>
  withDesk({}, async (desk) => {
    assert.equal((await login(desk, SECOND)).code, 0);
    await bringTokenToItsEnd(desk.home, "notes");
    const { code, stdout, stderr } = await desk.run(["call", "notes", "get_profile"]);
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).name, SECOND.name);
    assert.equal(desk.fixture.running.counters.refreshes, 1);
  }));
