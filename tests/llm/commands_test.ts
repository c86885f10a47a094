import assert from "node:assert/strict";
import { keysmithWithin } from "../support/keysmith.ts";
import { modelScript, PASSWORD, TOKEN, USER, withComputedLogin } from "./computed_login.ts";
import { type FakeAnswer, type FakeModel, withFakeModel } from "./fake_model.ts";
import { APP } from "./recording_home.ts";

type Run = (...args: string[]) => ReturnType<typeof keysmithWithin>;

async function withCommands(
  answers: readonly FakeAnswer[],
  work: (run: Run, model: FakeModel, folder: string) => Promise<void>,
  hasModel = true,
): Promise<void> {
  await withComputedLogin(async (folder) => {
    await withFakeModel(answers, async (model) => {
      const env: Record<string, string> = { HOME: folder, XDG_CONFIG_HOME: `${folder}/config` };
      if (hasModel) env["OPENAI_BASE_URL"] = model.baseURL;
      const stdin = JSON.stringify({ Email: USER, Password: PASSWORD });
      await work(
        (...args) => keysmithWithin(args, { home: folder, env, stdin, cwd: folder }),
        model,
        folder,
      );
    });
  });
}

const PROVES: FakeAnswer = {
  calls: [["prove_script", { script: modelScript({ build: "‹constant#1›" }) }]],
};

Deno.test("auth analyze asks the model for what is unexplained and prints what it took on stderr", () =>
  withCommands([PROVES], async (run) => {
    const { code, stdout, stderr } = await run("auth", "analyze", APP, "--answers", "-", "--json");
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).result, "script");
    assert.match(
      stderr,
      /asking \S+ at http:\/\/127\.0\.0\.1:\d+; it sees placeholders instead of values/,
    );
    assert.match(stderr, /model: 1 request, 100 tokens in, 10 out/);
  }));

Deno.test("auth analyze --no-llm asks nobody, and --llm says how to set a model up", async () => {
  await withCommands([], async (run, model) => {
    const { code, stdout } = await run("auth", "analyze", APP, "--no-llm", "--json");
    assert.deepEqual([code, JSON.parse(stdout).result, model.requests.length], [1, "draft", 0]);
  });
  await withCommands([], async (run) => {
    const { code, stderr } = await run("auth", "analyze", APP, "--llm");
    assert.equal(code, 1);
    assert.match(stderr, /No model is set up\n.*OPENAI_API_KEY/);
  }, false);
});

Deno.test("auth analyze --show-prompts prints what would be sent and sends nothing", () =>
  withCommands([], async (run, model) => {
    const { code, stdout } = await run("auth", "analyze", APP, "--show-prompts");
    assert.equal(code, 0);
    for (
      const part of [
        "== system ==",
        "== user ==",
        "acquire_token",
        "prove_script:",
        '"required":["value","expression"]',
        "t_0004 POST",
      ]
    ) {
      assert.ok(stdout.includes(part), part);
    }
    for (const secret of [USER, TOKEN, "Maria"]) assert.ok(!stdout.includes(secret));
    assert.equal(model.requests.length, 0);
    const both = await run("auth", "analyze", APP, "--show-prompts", "--no-llm");
    assert.equal(both.code, 2);
  }));

Deno.test("config set model names the model and its endpoint, and takes no key written out", () =>
  withCommands([], async (run, model, folder) => {
    const setting = `{name: tiny, baseURL: "${model.baseURL}", apiKey: {type: env, value: MY_KEY}}`;
    assert.equal((await run("config", "set", "model", setting)).code, 0);
    assert.equal(JSON.parse((await run("config", "show", "--json")).stdout).model, "tiny");
    const shown = (await run("config", "show")).stdout;
    assert.match(shown, /^ +model\.name: tiny \(configuration\)$/m);
    assert.match(shown, /^env +XDG_CONFIG_HOME=\S+ sets where your own configuration is$/m);
    assert.ok(
      (await Deno.readTextFile(`${folder}/config/keysmith/config.yaml`)).includes("MY_KEY"),
    );
    for (
      const literal of ["{name: tiny, apiKey: sk-1}", "{apiKey: {type: literal, value: sk-1}}"]
    ) {
      const { code, stderr } = await run("config", "set", "model", literal);
      assert.equal(code, 2, stderr);
    }
    assert.match((await run("auth", "analyze", APP, "--llm")).stderr, /MY_KEY is not set/);
  }, false));

Deno.test("tools analyze --llm improves names, and says what it did not take", () =>
  withCommands(
    [{
      text: JSON.stringify({
        tools: [{ tool: "t1", name: "show_me", description: "Answers who is logged in." }, {
          tool: "t9",
          name: "x",
        }],
      }),
    }],
    async (run, model) => {
      const { code, stdout, stderr } = await run("tools", "analyze", APP, "--llm");
      assert.equal(code, 0, stderr);
      assert.match(stdout, /is now show_me: Answers who is logged in\./);
      assert.match(stderr, /not taken: .*there is not/);
      assert.equal(model.requests.length, 1);
      assert.match((await run("tools", "list", APP)).stdout, /show_me/);
    },
  ));
