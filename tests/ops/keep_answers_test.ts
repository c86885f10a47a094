import assert from "node:assert/strict";
import { keepingAnswers } from "../../lib/ops/keep_answers.ts";
import { planRemoval, removeApp } from "../../lib/ops/remove_app.ts";
import { loginPlan } from "../../lib/ops/login_plan.ts";
import { withStoredAnswers } from "../../lib/ops/stored_login.ts";
import { askSource } from "../../lib/resolve/answer_source.ts";
import type { Terminal } from "../../lib/base/context.ts";
import { fakeContext } from "../support/fake_context.ts";
import { FakeKeychain } from "../support/fake_keychain.ts";
import { APP, withApp } from "../support/token_home.ts";

const INPUTS = [
  { name: "user", label: "User name", secret: false, kind: "identifier" },
  { name: "password", label: "Password", secret: true, kind: "password" },
  { name: "code", label: "Code", secret: false, kind: "one-time-code" },
] as const;

const CONFIG = `# mine
apps:
  shop:
    answers:
      User name: { type: env, value: SHOP_USER }
model: small
`;

async function typeAll(term: Terminal): Promise<void> {
  await term.promptText("[shop] User name");
  await term.promptSecret("[shop] Password");
  await term.promptText("[shop] Code");
}

Deno.test("what was typed goes into the keychain and answers from then on; codes do not", async () => {
  await withApp(async (home) => {
    const keychain = new FakeKeychain();
    const file = home.path("config.yaml");
    await Deno.writeTextFile(file, CONFIG);
    const env = { get: (name: string) => name === "SHOP_USER" ? "ada" : undefined };
    const context = (answers: readonly string[]) =>
      Object.assign(fakeContext({ home: home.root, answers }), { configOption: file, env });
    const login = (answers: readonly string[]) =>
      withStoredAnswers(
        context(answers),
        APP,
        (ctx) => keepingAnswers(ctx, APP, typeAll, keychain),
      );

    const { kept } = await login(["s3cret-pw", "123456"]);
    assert.deepEqual(kept, ["Password"]);
    assert.deepEqual([...keychain.items.values()], ["s3cret-pw"]);
    const text = await Deno.readTextFile(file);
    assert.match(text, /^# mine/);
    assert.match(text, /SHOP_USER/);
    assert.ok(!text.includes("s3cret"));

    const ctx = context([]);
    const { answers } = await loginPlan(ctx, home, APP);
    const source = answers.get("Password");
    assert.ok(source?.type === "osKeychain");
    const asking = { ...ctx, sleep: () => Promise.resolve() };
    assert.equal(await askSource(asking, home, source, [], keychain), "s3cret-pw");

    // What was put there goes with the app, and nothing else does.
    await keychain.set("keysmith-answers", "shop 0011223344556677 Password", "of-another-home");
    const { goes, leftInConfig } = await planRemoval(ctx, APP);
    assert.deepEqual(goes.at(-1), "the answers of shop in the keychain: Password");
    assert.deepEqual(leftInConfig, ["apps.shop"]);
    await removeApp(ctx, APP, keychain);
    assert.deepEqual([...keychain.items.values()], ["of-another-home"]);
  }, { record: { inputs: INPUTS } });
});

Deno.test("nothing is kept of a login that failed, and none begins without a keychain", async () => {
  await withApp(async (home) => {
    const keychain = new FakeKeychain();
    const ctx = Object.assign(fakeContext({ home: home.root, answers: ["ada", "pw-1234"] }), {
      configOption: home.path("config.yaml"),
    });
    await Deno.writeTextFile(home.path("config.yaml"), "");
    await assert.rejects(keepingAnswers(ctx, APP, typeAll, keychain), { code: "NO_INPUT" });
    assert.equal(keychain.items.size, 0);
    keychain.isGone = true;
    const none = () => assert.fail("the login began");
    await assert.rejects(keepingAnswers(ctx, APP, none, keychain), {
      code: "UNSUPPORTED",
      hint: /libsecret-tools.*apps\.\w+\.answers/,
    });
  }, { record: { inputs: INPUTS } });
});
