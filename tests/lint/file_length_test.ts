/** A file holds one thing, and fits into a reader's head. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const MAX_LINES = 300;
const LIB = fileURLToPath(new URL("../../lib/", import.meta.url));

function* sources(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* sources(`${folder}${name}/`);
    else if (name.endsWith(".ts")) yield folder + name;
  }
}

Deno.test(`no file of lib/ has more than ${MAX_LINES} lines`, () => {
  const files = [...sources(LIB)];
  assert.ok(files.length > 100);
  const long = files.filter((file) =>
    Deno.readTextFileSync(file).trimEnd().split("\n").length > MAX_LINES
  );
  assert.deepEqual(long.map((file) => file.slice(LIB.length)), []);
});
