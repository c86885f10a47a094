import assert from "node:assert/strict";
import type { Context } from "../../lib/base/context.ts";
import { AppError } from "../../lib/base/error.ts";
import { Redactor } from "../../lib/base/redact.ts";
import { foldLabel, parseAnswers, withAnswers } from "../../lib/cli/answers.ts";
import { buildContext } from "../../lib/cli/context.ts";
import { fakeStreams } from "../support/fake_streams.ts";

function contextWith(answers: unknown, { confirmed = false } = {}): Context {
  const around = {
    streams: fakeStreams(),
    env: { get: () => undefined },
    signal: new AbortController().signal,
  };
  const options = { home: undefined, config: undefined, noInput: true, allowHttp: false };
  const ctx = buildContext(around, new Redactor(), options);
  return withAnswers(ctx, parseAnswers(JSON.stringify(answers), "answers.json"), confirmed);
}

const isNoInput = (error: unknown) => error instanceof AppError && error.code === "NO_INPUT";

Deno.test("foldLabel() ignores case and punctuation and keeps letters of any script", () => {
  assert.equal(foldLabel("One-time code:"), "onetimecode");
  assert.equal(foldLabel("ONE TIME CODE"), "onetimecode");
  assert.equal(foldLabel("Пароль?"), "пароль");
});

Deno.test("withAnswers() answers by label before it answers by kind", async () => {
  const { term } = contextWith({ "user name": "ada", text: "fallback", secret: "s3cret" });
  assert.equal(await term.promptText("User name:"), "ada");
  assert.equal(await term.promptText("Tenant"), "fallback");
  assert.equal(await term.promptSecret("Password"), "s3cret");
});

Deno.test("withAnswers() knows the label of a script's prompt inside its frame", async () => {
  const { term } = contextWith({ username: "ada", shop: "wrong" });
  assert.equal(await term.promptText("[shop] Username"), "ada");
});

Deno.test("withAnswers() gives a single answer once, so that a refused one is not sent again", async () => {
  const { term } = contextWith({ password: "wrong-one" });
  assert.equal(await term.promptSecret("Password"), "wrong-one");
  await assert.rejects(term.promptSecret("Password"), isNoInput);
});

Deno.test("withAnswers() takes a list one after the other", async () => {
  const { term } = contextWith({ code: ["111111", "222222"] });
  assert.equal(await term.promptText("Code"), "111111");
  assert.equal(await term.promptText("Code"), "222222");
  await assert.rejects(term.promptText("Code"), isNoInput);
});

Deno.test("withAnswers() lets one fall-back answer several labels", async () => {
  const { term } = contextWith({ text: "same" });
  assert.equal(await term.promptText("Workspace"), "same");
  assert.equal(await term.promptText("Tenant"), "same");
});

Deno.test("withAnswers() leaves what it has no answer for to the person", async () => {
  await assert.rejects(contextWith({ username: "ada" }).term.promptText("Tenant"), isNoInput);
});

Deno.test("withAnswers() says yes only with the user's word", async () => {
  await assert.rejects(contextWith({}).term.confirm("Run it?"), isNoInput);
  assert.equal(await contextWith({}, { confirmed: true }).term.confirm("Run it?"), true);
});

Deno.test("withAnswers() registers every answer as a secret", () => {
  const ctx = contextWith({ password: "correct horse", code: ["987654"] });
  assert.equal(ctx.redactor.redact("correct horse 987654"), "‹secret› ‹secret›");
});

const MALFORMED: readonly (readonly [name: string, text: string, message: RegExp])[] = [
  ["no JSON", "password: hunter22", /not a JSON object/],
  ["a list", '["hunter22"]', /not a JSON object/],
  ["a number", '{"pin": 1234}', /member "pin"/],
  ["a list with a number", '{"pin": ["1234", 5]}', /member "pin"/],
];

for (const [name, text, message] of MALFORMED) {
  Deno.test(`parseAnswers() refuses ${name} without quoting it`, () => {
    assert.throws(() => parseAnswers(text, "answers.json"), (error: unknown) => {
      assert.ok(error instanceof AppError && error.code === "BAD_INPUT");
      assert.match(error.message, message);
      assert.ok(!`${error.message}${error.hint}`.includes("hunter22"));
      return true;
    });
  });
}
