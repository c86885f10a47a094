/**
 * Questions as people ask them, about the documents of GitHub, Stripe and Kubernetes: the right operation is among
 * the first five. `questions.json` was written before the search was tuned; `more_questions.json` after, without
 * looking, and then looked at. `unseen_questions.json` was written before the looser words, `later_questions.json` by
 * somebody who knew neither the words nor the other questions: 70 of 100 were found then. Words were added after looking
 * at these and at `fresh_questions.json` (46 of 60 before). `kept_questions.json` was written with the latter and
 * not looked at until then: 29 of 40 were found then, 24 before. No word was added for it.
 *
 * The 60 questions of `sampled_questions.json` and `reserved_questions.json` are of operations that were drawn by lot,
 * in the loosest words: 14 of each 30 were found before. Words were added after looking at the former, for none of the
 * latter.
 *
 * `drawn_questions.json` and `withheld_questions.json` were written together, of operations drawn by lot among those that
 * a person plausibly asks for, before the search knew of abbreviations, of what is beside the question, of people, and of
 * compounds: 13 and 15 of 30 were found then. The first was looked at; who added the words had written both. What to
 * expect of questions that nobody has thought of say `kept_`, `reserved_` and `withheld_questions.json`: 34 of 40, 23 of
 * 30 and 24 of 30, by 29, 15 and 15 before.
 */
import assert from "node:assert/strict";
import { mcpToolNames } from "../../lib/mcp/tool_names.ts";
import { ToolSearch } from "../../lib/mcp/tool_search.ts";
import type { ToolSummary } from "../../lib/ops/tool_owner.ts";

const FOLDER = new URL("../../fixtures/operations/", import.meta.url);

interface Question {
  readonly document: string;
  readonly question: string;
  /** `GET /path`; more than one where several are right. */
  readonly answers: readonly string[];
}

async function summariesOf(name: string): Promise<ToolSummary[]> {
  const file = await Deno.open(new URL(`${name}.jsonl.gz`, FOLDER));
  const text = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip")))
    .text();
  return text.split("\n").map((line) => JSON.parse(line));
}

const searches = new Map<string, ToolSearch>();

async function searchOf(name: string): Promise<ToolSearch> {
  const known = searches.get(name);
  if (known !== undefined) return known;
  const summaries = await summariesOf(name);
  const names = mcpToolNames(`${name}_`, summaries.map((summary) => summary.name));
  const search = new ToolSearch(
    summaries.map((summary, at) => ({ name: names[at]!, owner: name, summary })),
  );
  searches.set(name, search);
  return search;
}

async function questionsOf(file: string): Promise<Question[]> {
  return JSON.parse(await Deno.readTextFile(new URL(file, FOLDER)));
}

/** Those whose answer is not among the first five. */
async function missed(questions: readonly Question[]): Promise<string[]> {
  const missing: string[] = [];
  for (const { document, question, answers } of questions) {
    const found = (await searchOf(document)).search(question).slice(0, 5)
      .map(({ summary }) => `${summary.method} ${summary.path}`);
    if (!answers.some((answer) => found.includes(answer))) missing.push(`${document}: ${question}`);
  }
  return missing;
}

Deno.test("ToolSearch finds 90 of 100 operations among the first five", async () => {
  const questions = await questionsOf("questions.json");
  assert.equal(questions.length, 100);
  const missing = await missed(questions);
  assert.ok(missing.length <= 10, missing.join("\n"));
});

Deno.test("ToolSearch finds 9 of 10 operations of the second set", async () => {
  const questions = await questionsOf("more_questions.json");
  assert.ok(questions.length >= 60);
  const missing = await missed(questions);
  assert.ok(missing.length <= questions.length / 10, missing.join("\n"));
});

Deno.test("ToolSearch finds most operations of the sets that were looked at later", async () => {
  const sets = [
    ["unseen", 0.14],
    ["later", 0.1],
    ["fresh", 0.1],
    ["sampled", 0.17],
    ["drawn", 0.14],
  ] as const;
  for (const [set, share] of sets) {
    const questions = await questionsOf(`${set}_questions.json`);
    const missing = await missed(questions);
    assert.ok(missing.length <= questions.length * share, `${set}: ${missing.join("\n")}`);
  }
});

Deno.test("ToolSearch finds 3 of 4 operations of the sets that were looked at by nobody", async () => {
  const sets = [["kept", 40, 0.225], ["reserved", 30, 0.25], ["withheld", 30, 0.25]] as const;
  for (const [set, size, share] of sets) {
    const questions = await questionsOf(`${set}_questions.json`);
    assert.equal(questions.length, size);
    const missing = await missed(questions);
    assert.ok(missing.length <= questions.length * share, `${set}: ${missing.length} are missing`);
  }
});

Deno.test("ToolSearch joins a verb and what belongs to it, and takes either spelling", async () => {
  const first = async (document: string, question: string) => {
    const { method, path } = (await searchOf(document)).search(question)[0]!.summary;
    return `${method} ${path}`;
  };
  const together = await first("kubernetes", "throw away a config map");
  assert.equal(await first("kubernetes", "throw a config map away"), together);
  assert.match(together, /^DELETE .*configmaps/);
  assert.equal(
    await first("github", "favourite licences"),
    await first("github", "favorite licenses"),
  );
});

Deno.test("the questions are not the words of the summaries", async () => {
  const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name);
  const sets = files.filter((name) => name.endsWith("questions.json"));
  assert.equal(sets.length, 10);
  const all = (await Promise.all(sets.map(questionsOf))).flat();
  const documents = new Map<string, ToolSummary[]>();
  for (const { document, question, answers } of all) {
    const summaries = documents.get(document) ?? await summariesOf(document);
    documents.set(document, summaries);
    const answer = summaries.find(({ method, path }) => `${method} ${path}` === answers[0]);
    assert.ok(answer, `${document} has ${answers[0]}`);
    const words = answer.description.split("\n")[0]!.toLowerCase().split(/\W+/)
      .filter((word) => word.length > 3);
    const said = words.filter((word) => question.toLowerCase().includes(word));
    assert.ok(said.length < Math.max(words.length, 2), `${question} | ${words.join(" ")}`);
  }
});

/** A catalog of another trade than those of the fixtures. */
function shipyard(): ToolSearch {
  const operations: readonly (readonly [string, string, string, string[]?])[] = [
    ["GET", "/boats", "listBoats"],
    ["POST", "/boats", "createBoat", ["name", "insured"]],
    ["GET", "/boats/{id}", "readBoat"],
    ["PATCH", "/boats/{id}", "patchBoat", ["name", "insured"]],
    ["DELETE", "/boats/{id}", "deleteBoat"],
    ["GET", "/boats/{id}/engines", "listBoatEngines"],
    ["GET", "/engines", "listEngines"],
    ["GET", "/boats/{id}/owners", "listBoatOwners"],
    ["PUT", "/boats/{id}/assignees/{user}", "assignToBoat"],
    ["DELETE", "/boats/{id}/assignees/{user}", "unassignFromBoat"],
    ["GET", "/boats/{id}/hull-inspections", "listHullInspections"],
    ["POST", "/boats/{id}/dry-dock-reservations", "createDryDockReservation"],
  ];
  return new ToolSearch(operations.map(([method, path, name, words = []]) => {
    const known = { name, method, path, description: name, tags: [], words };
    return { name, owner: "yard", summary: known as unknown as ToolSummary };
  }));
}

Deno.test("ToolSearch knows what is done, to what, and what stands beside it", () => {
  const cases: readonly (readonly [question: string, answer: string])[] = [
    ["a new ddr", "POST /boats/{id}/dry-dock-reservations"],
    ["engines of a boat", "GET /boats/{id}/engines"],
    ["make my boat insured", "PATCH /boats/{id}"],
    ["pause a boat", "PATCH /boats/{id}"],
    ["stop assigning people to a boat", "DELETE /boats/{id}/assignees/{user}"],
    ["scrap a boat", "DELETE /boats/{id}"],
  ];
  for (const [question, answer] of cases) {
    const { method, path } = shipyard().search(question)[0]!.summary;
    assert.equal(`${method} ${path}`, answer, question);
  }
  const paths = (question: string) =>
    shipyard().search(question).map(({ summary }) => summary.path)
      .filter((path) => /owners|engines$/.test(path) && path.startsWith("/boats"));
  assert.match(paths("who is on the boat")[0]!, /owners/);
  assert.match(paths("what is on the boat")[0]!, /engines/);
});

Deno.test("ToolSearch takes spellings that are slightly wrong, and questions of nothing", async () => {
  const search = await searchOf("stripe");
  assert.match(search.search("custmer")[0]!.summary.path, /customer/);
  assert.deepEqual(search.search(""), []);
  assert.deepEqual(search.search("?!"), []);
  assert.notEqual(shipyard().search("make my").length, 0);
});
