import assert from "node:assert/strict";
import type { Context } from "../../lib/base/context.ts";
import { AppError } from "../../lib/base/error.ts";
import { Redactor } from "../../lib/base/redact.ts";
import { foldLabel, matchingLabel } from "../../lib/base/labels.ts";
import { AnswerStream } from "../../lib/cli/answer_stream.ts";
import { type Answers, parseAnswers, withAnswers } from "../../lib/cli/answers.ts";
import { buildContext } from "../../lib/cli/context.ts";
import { StoredAnswers } from "../../lib/ops/stored_answers.ts";
import { openHome } from "../../lib/store/home.ts";
import { fakeContext } from "../support/fake_context.ts";
import { fakeStreams } from "../support/fake_streams.ts";

function bareContext(): Context {
  const around = {
    streams: fakeStreams(),
    env: { get: () => undefined },
    signal: new AbortController().signal,
  };
  const options = { home: undefined, config: undefined, noInput: true, allowHttp: false };
  return buildContext(around, new Redactor(), options);
}

function contextWith(answers: unknown): Context {
  return withAnswers(bareContext(), parseAnswers(JSON.stringify(answers), "answers.json"));
}

/** Answers that arrive piece by piece; `arrived` tells how many have been read. */
function streaming(pieces: readonly string[], labels: readonly string[] = []) {
  const arrived: string[] = [];
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) {
      arrived.push(piece);
      yield await Promise.resolve(new TextEncoder().encode(piece));
    }
  }
  const checked: Answers[] = [];
  const check = (answers: Answers) => void checked.push(answers);
  const stream = new AnswerStream(chunks(), { source: "-", labels, check });
  return { ...withAnswers(bareContext(), undefined, stream), arrived, checked };
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

Deno.test("withAnswers() takes a list by kind in the order of the prompts, whatever their labels", async () => {
  const { term } = contextWith({ text: ["ada@x.example", "123456"], secret: ["pw-1", "pw-2"] });
  assert.equal(await term.promptText("Email"), "ada@x.example");
  assert.equal(await term.promptSecret("Password"), "pw-1");
  assert.equal(await term.promptText("One-time code"), "123456");
  assert.equal(await term.promptSecret("PIN"), "pw-2");
});

Deno.test("withAnswers() gives no answer by kind a second time, and names what was given", async () => {
  const { term } = contextWith({ text: "ada@x.example" });
  assert.equal(await term.promptText("Email"), "ada@x.example");
  await assert.rejects(term.promptText("One-time code"), (error: unknown) => {
    assert.ok(isNoInput(error) && error instanceof AppError);
    assert.match(error.message, /"One-time code".*given: "text"/);
    return true;
  });
});

Deno.test("matchingLabel() takes the very same label before one that is alike", () => {
  assert.equal(matchingLabel(["PIN", "pin"], "pin"), "pin");
  assert.equal(matchingLabel(["User name"], "username:"), "User name");
  assert.equal(matchingLabel(["User"], "Username"), undefined);
});

Deno.test("AnswerStream reads on as the prompts come", async () => {
  const ctx = streaming(['{"Username": "ada", "Pass', 'word": "p{w"}', '{"Code": "111222"}']);
  assert.deepEqual(ctx.arrived, []);
  assert.equal(await ctx.term.promptText("[shop] Username"), "ada");
  assert.equal(await ctx.term.promptSecret("[shop] Password"), "p{w");
  assert.equal(ctx.arrived.length, 2);
  assert.equal(await ctx.term.promptText("[shop] Code"), "111222");
  assert.equal(ctx.checked.length, 2);
  await assert.rejects(ctx.term.promptText("[shop] Code"), isNoInput);
});

Deno.test("AnswerStream takes lines in order, and by label where the login has it", async () => {
  const lines = "ada\r\npw: with=marks\nOne-time code: 123456\nlast";
  const ctx = streaming([lines], ["Username", "Password", "One-time code"]);
  assert.equal(await ctx.term.promptText("[shop] Username"), "ada");
  assert.equal(await ctx.term.promptSecret("[shop] Password"), "pw: with=marks");
  assert.equal(await ctx.term.promptText("[shop] One-time code"), "123456");
  assert.equal(await ctx.term.promptText("[shop] Workspace"), "last");
  assert.equal(ctx.redactor.redact("pw: with=marks"), "‹secret›");
});

Deno.test("AnswerStream refuses an object that has no end", async () => {
  const ctx = streaming(['{"Username": "ada"']);
  await assert.rejects(ctx.term.promptText("[shop] Username"), { code: "BAD_INPUT" });
});

Deno.test("a script's question is shown once where answers come to their end and nobody is asked", async () => {
  const ctx = fakeContext({ home: "/nowhere" });
  const term = new StoredAnswers(ctx, openHome(ctx), new Map());
  const stream = new AnswerStream(ReadableStream.from([]), {
    source: "-",
    labels: [],
    check: () => {},
  });
  const answering = withAnswers({ ...ctx, term }, undefined, stream);
  await answering.term.confirm("[shop] Approved?").catch(isNoInput);
  assert.deepEqual(ctx.lines, ["[shop] Approved?"]);
});

Deno.test("a line or a member answers what a script wants confirmed", async () => {
  assert.equal(await streaming(["yes\n"]).term.confirm("[shop] Approved?"), true);
  assert.equal(await streaming(["no\n"]).term.confirm("[shop] Approved?"), false);
  assert.equal(await contextWith({ "approved": "yes" }).term.confirm("[shop] Approved?"), true);
  await assert.rejects(streaming(["yes\n"]).term.confirm("Run it?"), isNoInput);
});

Deno.test("withAnswers() leaves what it has no answer for to the person", async () => {
  await assert.rejects(contextWith({ username: "ada" }).term.promptText("Tenant"), isNoInput);
});

Deno.test("withAnswers() registers every answer as a secret", () => {
  const ctx = contextWith({ password: "correct horse", code: ["987654"] });
  assert.equal(ctx.redactor.redact("correct horse 987654"), "‹secret› ‹secret›");
});

Deno.test("withAnswers() lets messages name the account, and masks everything else", () => {
  const answers = parseAnswers('{"Username": "bert", "Password": "correct horse"}', "answers.json");
  const { redactor } = withAnswers(bareContext(), answers, null, "bert");
  assert.equal(redactor.redact("shop@bert: correct horse"), "shop@bert: ‹secret›");
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
