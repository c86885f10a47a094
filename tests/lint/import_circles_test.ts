import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { importCircles, importsOf } from "../../scripts/import_circles.ts";

Deno.test("no files of lib/ import each other in a circle, not even by type", async () => {
  const lib = fileURLToPath(new URL("../../lib/", import.meta.url));
  const imports = await importsOf(lib);
  assert.deepEqual(imports.get("http/jwt.ts"), ["base/json.ts", "http/base64.ts"]);
  assert.deepEqual(importCircles(imports), []);
});

Deno.test("importCircles() names each circle once, the shortest way round", () => {
  const imports = new Map([
    ["a.ts", ["b.ts", "d.ts"]],
    ["b.ts", ["c.ts"]],
    ["c.ts", ["a.ts"]],
    ["d.ts", []],
    ["e.ts", ["e.ts"]],
  ]);
  assert.deepEqual(importCircles(imports), [
    ["a.ts", "b.ts", "c.ts", "a.ts"],
    ["e.ts", "e.ts"],
  ]);
});

Deno.test("importsOf() sees types, several lines, and what is imported later", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(
    `${folder}/a.ts`,
    'import type { A } from "./b.ts";\nimport {\n  c,\n} from "./c.ts";\n' +
      'import "./d.ts";\nexport { e } from "./e.ts";\nawait import("./f.ts");\nimport x from "y";\n',
  );
  const imports = await importsOf(folder);
  await Deno.remove(folder, { recursive: true });
  assert.deepEqual(imports.get("a.ts"), ["b.ts", "c.ts", "d.ts", "e.ts", "f.ts"]);
});
