import assert from "node:assert/strict";
import { recordedFacts } from "../../lib/llm/recorded_facts.ts";
import { Redaction } from "../../lib/llm/redaction.ts";
import { ToldWords } from "../../lib/llm/told_words.ts";
import { computedLogin } from "./computed_login.ts";

/** Harmless words, three letters of one and three of another, that no recording has. */
const PARTS = "apple river stone cloud bread chair table horse plant light paper metal".split(" ");
const WORDS = PARTS.flatMap((a) => PARTS.map((b) => `${a}_${b}`));
const SCRIPT = `const dictionary = ${JSON.stringify(WORDS)};`;
const DRAFT = 'await fetch("https://app.vexshop.example/api/login"); await prompt_text("Email");';

function told(): ToldWords {
  return new ToldWords(new Redaction(recordedFacts(computedLogin(), null, [])), DRAFT);
}

/** The words of the dictionary that a text tells. */
function wordsIn(texts: readonly string[]): Set<string> {
  return new Set(texts.flatMap((text) => WORDS.filter((word) => text.includes(word))));
}

const PLACES: Readonly<Record<string, (word: string) => string>> = {
  fields: (word) => `body field "${word}" is sent and the recorded request has none`,
  headers: (word) => `header "X-${word}" is not what the recorded client sent`,
  prompts: (word) => `prompt "${word}" asks for something the login does not need`,
  paths: (word) =>
    `request GET https://app.vexshop.example/${word}/${word} is not part of the login`,
  methods: (word) => `request ${word} https://app.vexshop.example/api/me is not part of the login`,
  hosts: (word) => `request to ${word}.example goes to a host of no step`,
};

for (const [kind, problemOf] of Object.entries(PLACES)) {
  Deno.test(`of ${kind} that a script chose while it ran, few are told to a model, all tries together`, () => {
    const desk = told();
    const texts = WORDS.map((word) => desk.problem(problemOf(word), SCRIPT));
    const words = wordsIn(texts);
    assert.ok(words.size > 0 && words.size <= 16, `${words.size}`);
    assert.equal(texts.at(-1)!.includes("…"), true);
    assert.deepEqual(wordsIn(WORDS.map((word) => desk.problem(problemOf(word), SCRIPT))), words);
  });
}

Deno.test("how many names are left out is not told", () => {
  const desk = told();
  const many = (count: number) =>
    desk.problem(
      WORDS.slice(0, count).map((word) => `body field "${word}" is missing`).join("; "),
      "",
    );
  many(16);
  assert.equal(many(40), many(90));
});

Deno.test("of lines that a script printed, few are told to a model, all tries together", () => {
  const desk = told();
  const texts = Array.from(
    { length: 8 },
    (_, at) => desk.printed(WORDS.slice(at * 18, at * 18 + 18), SCRIPT),
  );
  assert.equal(wordsIn(texts).size, 24);
  assert.equal(texts.at(-1), "");
});

Deno.test("what the recording and the draft name is told, however often a script gets it wrong", () => {
  const desk = told();
  for (const word of WORDS) desk.problem(`body field "${word}" is missing`, SCRIPT);
  for (
    const text of [
      'body field "salt" is missing',
      'header "X-Build" is missing',
      'prompt "Email" was never shown',
      "request GET https://app.vexshop.example/api/login is sent a second time",
    ]
  ) assert.equal(desk.problem(text, SCRIPT), text);
});
