/** Logins that nobody attends, by the command line: answers from sources, and a session that ended. */
import assert from "node:assert/strict";
import { SECOND } from "../../fixtures/apps/parts/accounts.ts";
import { testedKeysmith } from "../support/keysmith.ts";
import { APP, type LoginDesk, withLoginDesk } from "../support/login_trial.ts";

type Answers = Readonly<Record<string, unknown>>;

interface Bench {
  /** A command line with the answers configured; its output as JSON. */
  run(args: readonly string[], options?: { stdin?: string; code?: number }): Promise<Json>;
}

// deno-lint-ignore no-explicit-any -- what a test reads of a command's JSON
type Json = any;

/** Analysed; the labels of the login's prompts are handed to `answers`. */
async function withAnswers(
  { home }: LoginDesk,
  answers: (labels: Readonly<Record<string, string>>) => Answers,
  work: (bench: Bench) => Promise<void>,
): Promise<void> {
  const config = `${home}-config.json`;
  const env = { DESK_USER: SECOND.username };
  const bench: Bench = {
    async run(args, { stdin = "", code: expected = 0 } = {}) {
      const all = [...args, "--config", config, "--json"];
      const { code, stdout, stderr } = await testedKeysmith(all, { home, env, stdin });
      assert.equal(code, expected, `${stdout}${stderr}`);
      return JSON.parse(stdout);
    },
  };
  await Deno.writeTextFile(config, "{}");
  await bench.run(["auth", "analyze", APP]);
  const { inputs } = JSON.parse(await Deno.readTextFile(`${home}/apps/${APP}/auth.json`));
  const labels = Object.fromEntries(
    inputs.map(({ kind, label }: { kind: string; label: string }) => [kind, label]),
  );
  await Deno.writeTextFile(
    config,
    JSON.stringify({ apps: { [APP]: { answers: answers(labels) } } }),
  );
  await work(bench);
}

/** A tool that reads something of the user's. */
async function readingTool(bench: Bench): Promise<string> {
  const { tools } = await bench.run(["tools", "list", APP]);
  const found = tools.find((tool: Json) =>
    tool.safe && tool.requiresAuth && Object.keys(tool.parameters.properties ?? {}).length === 0
  );
  return found.name;
}

Deno.test("auth login takes user name, password and a TOTP code from their sources", () =>
  withLoginDesk("password_totp", {}, async (desk) => {
    const password = `${desk.home}-password`;
    await Deno.writeTextFile(password, `${SECOND.password}\n`);
    const code = `otpauth://totp/Vault:x?secret=${SECOND.totpSecret}&issuer=Vault`;
    await withAnswers(desk, (labels) => ({
      [labels["identifier"]!]: { type: "env", value: "DESK_USER" },
      [labels["password"]!.toUpperCase()]: { type: "file", value: password },
      [labels["one-time-code"]!]: { type: "totp", secret: { type: "literal", value: code } },
    }), async (bench) => {
      const { state, renewed_by } = await bench.run(["auth", "login", APP, "--yes"]);
      assert.deepEqual([state, renewed_by], ["valid", "stored answers"]);
      assert.equal(desk.fixture.running.counters.refusedLogins, 0);
    });
  }));

Deno.test("call and mcp's session that ended is renewed with the code that the mail brings", () =>
  withLoginDesk("otp_email", {}, async (desk) => {
    const { running } = desk.fixture;
    const mail = `${desk.home}-mail`;
    running.outbox.onCode = (code) => Deno.writeTextFileSync(mail, code);
    await withAnswers(desk, (labels) => ({
      [labels["identifier"]!]: SECOND.email,
      [labels["one-time-code"]!]: { type: "file", value: mail, wait: 20 },
    }), async (bench) => {
      await bench.run(["auth", "login", APP, "--yes"]);
      const tool = await readingTool(bench);
      running.endSessions();
      const { status } = await bench.run(["call", APP, tool]);
      assert.equal(status, 200);
      assert.equal(running.counters.logins, 2);
      const { begunMs } = JSON.parse(
        await Deno.readTextFile(`${desk.home}/apps/${APP}/logins.json`),
      );
      assert.equal(begunMs.length, 1);
    });
  }));

Deno.test({
  name: "auth login reads a named pipe on as prompts come, for a code that is sent in between",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withLoginDesk("otp_email", {}, async (desk) => {
      const { running } = desk.fixture;
      const pipe = `${desk.home}-pipe`;
      const made = await new Deno.Command("mkfifo", { args: ["-m", "600", pipe] }).output();
      assert.ok(made.success);
      const code = Promise.withResolvers<string>();
      running.outbox.onCode = code.resolve;
      await withAnswers(desk, () => ({}), async (bench) => {
        const login = bench.run(["auth", "login", APP, "--yes", "--answers", pipe]);
        // Opens once the login reads: no code was sent before that.
        using file = await Deno.open(pipe, { write: true });
        const write = (text: string) => file.write(new TextEncoder().encode(text));
        await write(`${JSON.stringify({ text: SECOND.email })}\n`);
        await write(`${await code.promise}\n`);
        assert.equal((await login).state, "valid");
        assert.equal(running.counters.logins, 1);
      });
    }),
});

Deno.test("a wrong label names the labels given and missing, and nothing is sent", () =>
  withLoginDesk("password_totp", {}, async (desk) => {
    await withAnswers(desk, (labels) => ({
      [labels["identifier"]!]: { type: "env", value: "DESK_USER" },
      "Pasword": { type: "env", value: "DESK_PASSWORD" },
    }), async (bench) => {
      const { error } = await bench.run(["auth", "login", APP, "--yes"], { code: 1 });
      assert.equal(error.code, "BAD_CONFIG");
      assert.deepEqual(error.details.wrong, ["Pasword"]);
      assert.equal(error.details.given.length, 2);
      assert.equal(error.details.missing.length, 2);
      assert.equal(desk.fixture.running.counters.requests, 0);
    });
  }));
