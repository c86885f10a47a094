import assert from "node:assert/strict";
import { readmeProblems } from "../../scripts/check_readme.ts";

const README = new URL("../../lib/README.md", import.meta.url);

Deno.test("lib/README.md shows the import table and the packages as they are, and names files that there are", () => {
  assert.deepEqual(readmeProblems(Deno.readTextFileSync(README)), []);
});

Deno.test("readmeProblems() notices a row that is gone, a room that may import more, and a file that is not there", () => {
  const text = Deno.readTextFileSync(README);
  const changed = text.replace(/^\| `commander`.*\n/m, "")
    .replace(/^(\| `http\/`.*)base( +\|)$/m, "$1base, cli$2")
    .replace("`prover.ts`", "`replay/the_prover.ts`");
  assert.deepEqual(readmeProblems(changed), [
    "The import table is not that of scripts/rooms.ts: run with --write",
    'Package "commander" has no row',
    'There is no file "replay/the_prover.ts"',
  ]);
});
