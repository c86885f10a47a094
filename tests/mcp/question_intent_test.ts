import assert from "node:assert/strict";
import { intentOf, withoutAuxiliary } from "../../lib/mcp/question_intent.ts";
import { wordsIn } from "../../lib/mcp/words_in.ts";

function intent(question: string, actions: readonly string[] = []) {
  const said = wordsIn(question);
  return intentOf(said, said, new Set(actions));
}

/** The verbs that weigh most. */
function mostWanted(question: string, actions: readonly string[] = []): string[] {
  const { wanted } = intent(question, actions);
  const most = Math.max(...wanted.values());
  return [...wanted].filter(([, weight]) => weight === most).map(([verb]) => verb);
}

Deno.test("intentOf() tells reading from changing by the first words", () => {
  const reading = [
    "which boats are there",
    "do I own a boat",
    "may I sail",
    "was my boat repaired",
  ];
  for (const question of [...reading, "all deleted boats", "boats"]) {
    assert.equal(intent(question).isReading, true, question);
  }
  for (const question of ["remove a boat", "how do I remove a boat", "tag a boat"]) {
    assert.equal(intent(question).isReading, false, question);
  }
});

Deno.test("intentOf() asks for several things or for one", () => {
  assert.deepEqual(mostWanted("every boat"), ["list"]);
  assert.deepEqual(mostWanted("which boats are there"), ["list"]);
  assert.deepEqual(mostWanted("the captain"), ["get"]);
  assert.deepEqual(mostWanted("what is the price"), ["get"]);
});

Deno.test("intentOf() takes a state that a thing is to have for a change of it", () => {
  assert.deepEqual(mostWanted("make my boat faster"), ["update"]);
  assert.deepEqual(mostWanted("make a log private"), ["update"]);
  assert.equal(mostWanted("make a boat").includes("create"), true);
  assert.deepEqual(withoutAuxiliary(["make", "my", "boat", "faster"]), ["boat", "faster"]);
  assert.deepEqual(withoutAuxiliary(["make", "a", "boat"]), ["make", "a", "boat"]);
});

Deno.test("intentOf() takes the end of doing something for taking away what was done", () => {
  assert.deepEqual(mostWanted("stop following a boat"), ["delete"]);
  assert.equal(mostWanted("stop a boat").includes("cancel"), true);
  assert.deepEqual(withoutAuxiliary(["stop", "watching"]), ["watching"]);
});

Deno.test("intentOf() wants a change where no operation has the verb, and no other where one has it", () => {
  assert.equal(intent("pause a trip").wanted.has("update"), true);
  assert.equal(intent("pause a trip", ["paus"]).wanted.has("update"), false);
  assert.equal(intent("run a trip").wanted.has("create"), true);
});

Deno.test("intentOf() knows who is asked for and what is said beside it", () => {
  assert.equal(intent("who sails").isWho, true);
  assert.equal(intent("whose boat").isWho, false);
  const { beside } = intent("engines of a boat in the harbor");
  assert.deepEqual([...beside].filter((word) => word.length > 3), ["boat", "harbor"]);
  assert.deepEqual([...intent("in the harbor").beside].filter((word) => word.length > 3), []);
});
