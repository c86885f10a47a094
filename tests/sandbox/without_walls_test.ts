import assert from "node:assert/strict";
import { changed, changesWithout, WALLS } from "../../scripts/attacks/without_walls.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test("changesWithout() fits the sources as they are: no wall is left standing where it is taken away", async () => {
  for (const walls of [...WALLS.map((wall) => [wall]), WALLS]) {
    const texts = new Map<string, string>();
    for (const change of changesWithout(new Set(walls))) {
      const text = texts.get(change.file) ?? await Deno.readTextFile(new URL(change.file, ROOT));
      const after = changed(text, change);
      assert.notEqual(after, text, `${walls}: ${change.file}`);
      texts.set(change.file, after);
    }
  }
});

Deno.test("changed() refuses a text that does not hold what is to be changed exactly once", () => {
  const change = { file: "x.ts", from: "a", to: "b" };
  assert.equal(changed("-a-", change), "-b-");
  assert.throws(() => changed("--", change), /"x.ts" has changed/);
  assert.throws(() => changed("aa", change), /exactly once/);
});
