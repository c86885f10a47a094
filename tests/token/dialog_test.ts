import assert from "node:assert/strict";
import type { AppError } from "../../lib/base/error.ts";
import { PromptDialog, RefusedAnswers, SilentDialog } from "../../lib/token/dialog.ts";
import { type FakeContext, fakeContext } from "../support/fake_context.ts";

function dialog(ctx: FakeContext, refused = new RefusedAnswers()) {
  return new PromptDialog(ctx, "shop", refused);
}

Deno.test("PromptDialog frames every line of a script with the app's name", async () => {
  const ctx = fakeContext({ answers: ["ada"], confirmations: [true] });
  const prompts = dialog(ctx);
  await prompts.promptText("User");
  await prompts.confirm("Open the mail\nReady?");
  prompts.tell("one\nkeysmith: two");
  assert.deepEqual(ctx.asked, ["[shop] User", "[shop] Ready?"]);
  assert.deepEqual(ctx.lines, ["[shop] Open the mail", "[shop] one\n[shop] keysmith: two"]);
});

Deno.test("PromptDialog registers what is typed into secret prompts", async () => {
  const ctx = fakeContext({ answers: ["ada.lovelace", "hunter2hunter2"] });
  const prompts = dialog(ctx);
  await prompts.promptText("User");
  await prompts.promptSecret("Password");
  assert.equal(ctx.redactor.redact("ada.lovelace hunter2hunter2"), "ada.lovelace ‹secret›");
});

Deno.test("PromptDialog ends the login when the user says no", async () => {
  await assert.rejects(
    dialog(fakeContext()).confirm("Ready?"),
    (error: AppError) => error.code === "INTERRUPTED",
  );
});

interface Attempts {
  name: string;
  first: [label: string, value: string, secret: boolean][];
  second: [label: string, value: string, secret: boolean][];
  repeated: boolean;
}

const attempts: Attempts[] = [
  {
    name: "the same password of the same user",
    first: [["User", "ada", false], ["Password", "wrong", true]],
    second: [["User", "ada", false], ["Password", "wrong", true]],
    repeated: true,
  },
  {
    name: "the same key without a user",
    first: [["Key", "wrong", true]],
    second: [["Key", "wrong", true]],
    repeated: true,
  },
  {
    name: "no other password",
    first: [["User", "ada", false], ["Password", "wrong", true]],
    second: [["User", "ada", false], ["Password", "right", true]],
    repeated: false,
  },
  {
    name: "no password of another user",
    first: [["User", "adda", false], ["Password", "right", true]],
    second: [["User", "ada", false], ["Password", "right", true]],
    repeated: false,
  },
  {
    name: "no password whose user name came after it",
    first: [["Password", "right", true], ["User", "adda", false]],
    second: [["Password", "right", true], ["User", "ada", false]],
    repeated: false,
  },
];

for (const { name, first, second, repeated } of attempts) {
  Deno.test(`PromptDialog asks again for ${name}`, async () => {
    const refused = new RefusedAnswers();
    const run = async (answers: Attempts["first"]) => {
      const ctx = fakeContext({ answers: [...answers.map(([, value]) => value), "other"] });
      const prompts = dialog(ctx, refused);
      for (const [label, , secret] of answers) {
        await (secret ? prompts.promptSecret(label) : prompts.promptText(label));
      }
      return { prompts, asked: ctx.asked.length };
    };
    refused.add((await run(first)).prompts.answers);
    const { prompts, asked } = await run(second);
    assert.equal(asked, repeated ? second.length + 1 : second.length);
    assert.equal(prompts.answers.at(-1)?.value, repeated ? "other" : second.at(-1)![1]);
  });
}

Deno.test("SilentDialog answers no question of a refresh", async () => {
  const silent = new SilentDialog(fakeContext({ answers: ["x", "y"] }), "shop");
  for (const question of ["promptText", "promptSecret", "confirm"] as const) {
    await assert.rejects(
      silent[question]("Password"),
      (error: AppError) => error.code === "NO_INPUT" && error.details["label"] === "Password",
    );
  }
});
