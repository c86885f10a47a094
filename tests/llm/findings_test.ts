import assert from "node:assert/strict";
import type { Context } from "../../lib/base/context.ts";
import { analyzeAuth, type AnalyzeAuthOutput } from "../../lib/ops/analyze_auth.ts";
import { analyzeWithModel, promptsFor } from "../../lib/ops/analyze_with_model.ts";
import { Home } from "../../lib/store/home.ts";
import { readAuthRecord } from "../../lib/token/auth_file.ts";
import { readAuthScript } from "../../lib/token/script_file.ts";
import { fakeContext } from "../support/fake_context.ts";
import { PASSWORD, SALT, SENT, TOKEN, USER, withComputedLogin } from "./computed_login.ts";
import { type FakeAnswer, type FakeModel, withFakeModel } from "./fake_model.ts";
import { capture, trace } from "../support/traces.ts";
import { APP, withRecording } from "./recording_home.ts";

const TOLD = [["Email", USER], ["Password", PASSWORD]] as const;
const RIGHT = 'sha256-hex(reverse(typed("Password")) + ":" + t_0003.response.body.salt)';
const GAP = "t_0004.request.body.password";

const explains = (expression: string, value = GAP): FakeAnswer => ({
  calls: [["explain", { value, expression }]],
});

interface Run {
  readonly output: AnalyzeAuthOutput;
  readonly ctx: Context;
  readonly home: string;
  readonly model: FakeModel;
}

async function analyze(
  answers: readonly FakeAnswer[],
  check: (run: Run) => Promise<void> | void,
  hints: readonly (readonly [string, string])[] = TOLD,
): Promise<void> {
  await withComputedLogin(async (home) => {
    await withFakeModel(answers, async (model) => {
      const variables: Readonly<Record<string, string>> = { OPENAI_BASE_URL: model.baseURL };
      const ctx = { ...fakeContext({ home }), env: { get: (name: string) => variables[name] } };
      const first = await analyzeAuth(ctx, { app: APP, hints });
      assert.equal(first.result, "draft");
      const output = await analyzeWithModel(ctx, { app: APP, hints, mode: "auto" }, first);
      for (const secret of [PASSWORD, USER, SALT, SENT, TOKEN]) {
        assert.ok(!model.sent().includes(secret), `"${secret}" was sent`);
      }
      await check({ output, ctx, home, model });
    });
  });
}

Deno.test("explain adds a finding, and the script written from it is proven and kept", () =>
  analyze([explains(RIGHT)], async ({ output, home, model, ctx }) => {
    assert.equal(output.result, "script", output.reasons.join("\n"));
    assert.equal(model.requests.length, 1);
    assert.deepEqual(output.inputs.map(({ label }) => label), ["Email", "Password"]);
    assert.deepEqual(output.proof?.assumptions.filter(({ isSettled }) => !isSettled), []);
    const script = await readAuthScript(new Home(home), APP);
    assert.match(script!.source, /\[\.\.\.password\]\.reverse\(\)\.join\(""\)/);
    assert.match(script!.source, /web-7f3Kq92Lx1/);
    assert.equal((await readAuthRecord(new Home(home), APP))?.source, "model");
    const again = await analyzeAuth(ctx, { app: APP });
    assert.equal(again.result, "script", "known without a model from now on");
  }));

Deno.test("explain says what came out of a wrong expression, and no value", () =>
  analyze(
    [
      explains('sha256-hex(typed("Password") + ":" + t_0003.response.body.salt)'),
      explains('sha256(reverse(typed("Password")) + ":" + t_0003.response.body.salt)'),
      explains('md5-hex("x")'),
      explains("sha257(1)"),
      explains(RIGHT),
    ],
    ({ output, model }) => {
      assert.equal(output.result, "script");
      const told = model.requests.at(-1)!.body.messages.filter(({ role }) => role === "tool");
      assert.match(told[0]!.content, /^wrong: it yields 64 hex, recorded are 64 hex; the first/);
      assert.match(told[1]!.content, /^wrong: it yields 32 bytes.*it is right in hex\(\)$/);
      assert.match(told[2]!.content, /^wrong: it yields 32 hex/);
      assert.match(told[3]!.content, /^error: there is no function "sha257"; there are .*pbkdf2/);
    },
  ));

Deno.test("a finding over a password that nobody told is an assumption", () =>
  analyze([explains(RIGHT)], ({ output }) => {
    assert.equal(output.result, "script", output.reasons.join("\n"));
    const open = output.proof!.assumptions.filter(({ isSettled }) => !isSettled);
    assert.deepEqual(open.map(({ where }) => where), ["body password"]);
  }, []));

Deno.test("analyzeWithModel() with --llm says why it asks nobody, and --show-prompts that nothing would be sent", async () => {
  const traces = capture(
    trace("POST https://a.example/login", {
      form: { username: "zora", password: "Quint-Pa55", "g-recaptcha-response": "03AGdBq26x9" },
      answer: { token: "fxt_8Jq2Lm5Vx0RtY7wZ3bNc" },
    }),
    trace("GET https://a.example/api/me", {
      headers: [["Authorization", "Bearer fxt_8Jq2Lm5Vx0RtY7wZ3bNc"]],
      answer: { name: "Zora" },
    }),
  );
  await withRecording(traces, "https://a.example", async (home) => {
    await withFakeModel([], async (model) => {
      const ctx = {
        ...fakeContext({ home }),
        env: { get: (name: string) => name === "OPENAI_BASE_URL" ? model.baseURL : undefined },
      };
      const first = await analyzeAuth(ctx, { app: APP });
      assert.equal(first.result, "refused");
      const output = await analyzeWithModel(ctx, { app: APP, mode: "always" }, first);
      assert.match(output.reasons.at(-1)!, /^model: not asked, because .*CAPTCHA/);
      assert.match((await promptsFor(ctx, { app: APP })).why!, /CAPTCHA/);
      assert.equal(model.requests.length, 0);
    });
  });
});

const WRONG: readonly (readonly [expression: string, told: RegExp])[] = [
  ["", /ends too early/],
  ["sha256-hex(", /ends too early/],
  ['sha256-hex("a" "b")', /"\)" is expected before "b"|"," is expected before "b"/],
  ['process.exit("1")', /is not part of the language|there is no function/],
  ["constructor(1)", /there is no function "constructor"/],
  ["__proto__(1)", /there is no function/],
  ["secret#99", /there is no secret#99/],
  ["t_0003.response.body.nothing", /there is no single value/],
  [
    "t_0003.response.headers.Set-Cookie",
    /t_0003 sets no cookie|told by its name: t_0003\.response\.cookies\./,
  ],
  ["t_0001.request.body.x", /sends nothing at/],
  ["x + 1", /nothing is called "x"/],
  ["x = x; x", /nothing is called "x"/],
  ["(".repeat(60) + "1" + ")".repeat(60), /nested too deep/],
  ['hex-bytes(typed("Password"))', /cannot be applied to this value; its arguments are text$/],
  ['random(99999, "hex")', /length from 1/],
  ['rsa-pkcs1-encrypt("k", "t")', /Web Crypto has OAEP alone.*no encryption with PKCS#1 v1\.5/],
];

Deno.test("explain answers an expression that is none with what is wrong", () =>
  analyze(
    [
      ...WRONG.map(([expression]) => explains(expression)),
      explains(RIGHT, "t_0004.request.body.nothing"),
      explains(RIGHT),
    ],
    ({ output, model }) => {
      assert.equal(output.result, "script", output.reasons.join("\n"));
      const told = model.requests.at(-1)!.body.messages.filter(({ role }) => role === "tool");
      for (const [index, [expression, expected]] of WRONG.entries()) {
        assert.match(told[index]!.content, /^error: /, expression);
        assert.match(told[index]!.content, expected, expression);
      }
      assert.match(told[WRONG.length]!.content, /sends nothing at "request|sends nothing at "body/);
    },
  ));

Deno.test("explain() does not serve for guessing a value piece by piece", () =>
  analyze(
    [
      ...Array.from({ length: 20 }, () => explains('"0"')),
      explains('"maria"', "t_0003.request.body.email"),
      explains(RIGHT),
    ],
    ({ output, model }) => {
      assert.equal(output.result, "script", output.reasons.join("\n"));
      const told = model.requests.at(-1)!.body.messages.filter(({ role }) => role === "tool")
        .map(({ content }) => content);
      assert.equal(told.filter((text) => /first difference/.test(text)).length, 16);
      assert.equal(told.at(-1), "wrong: it differs");
    },
  ));
