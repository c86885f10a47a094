/** Tests may lend the place that scripts run in; the product hands on what it is lent and makes none of its own. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** `startSandbox: VALUE`, without the declarations of types. */
const GIVEN = /(?<!readonly )\bstartSandbox\s*[:=]\s*([^,;}\n]+)/g;

async function* sources(folder = `${ROOT}lib`): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sources(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}

function givenIn(text: string): string[] {
  return [...text.matchAll(GIVEN)].map(([, value = ""]) => value.trim());
}

Deno.test("only a test can have scripts run elsewhere than in the closed process", async () => {
  const given: string[] = [];
  const withWorkers: string[] = [];
  for await (const file of sources()) {
    const text = await Deno.readTextFile(file);
    given.push(...givenIn(text));
    if (text.includes("new Worker(")) withWorkers.push(file.slice(ROOT.length));
  }
  const handedOn = ["ctx.startSandbox", "this.#ctx.startSandbox", "around.startSandbox"];
  assert.deepEqual(given.filter((value) => !handedOn.includes(value)), []);
  assert.ok(given.length >= 3);
  assert.deepEqual(withWorkers.sort(), ["lib/cli/watch.ts", "lib/sandbox/child.ts"]);
  const process = await Deno.readTextFile(`${ROOT}lib/cli/run.ts`);
  assert.ok(!process.includes("startSandbox"), "the process itself lends none");
  assert.deepEqual(givenIn("const run = { startSandbox: inThisProcess };"), ["inThisProcess"]);
});
