import assert from "node:assert/strict";
import { isNestedDeeper, MAX_JSON_DEPTH, parseJson } from "../../lib/base/json.ts";
import { AppError } from "../../lib/base/error.ts";
import { parseYaml } from "../../lib/base/yaml.ts";

const nested = (depth: number, open: string, close: string) =>
  open.repeat(depth) + "1" + close.repeat(depth);

Deno.test("parseJson() takes what nests too deeply for text, however it nests", () => {
  const shapes = [["[", "]"], ['{"a":', "}"], ['[{"a":', "}]"], [' [ "]]]" , ', " ] "]] as const;
  for (const [open, close] of shapes) {
    const levels = open.replaceAll(/"[^"]*"/g, "").match(/[[{]/g)!.length;
    const most = Math.floor(MAX_JSON_DEPTH / levels);
    assert.notEqual(parseJson(nested(most, open, close)), undefined, open);
    for (const depth of [most + 1, 5_000, 200_000]) {
      assert.equal(parseJson(nested(depth, open, close)), undefined, open);
    }
  }
});

Deno.test("isNestedDeeper() counts no brackets in strings, nor those that were closed", () => {
  const texts = [
    JSON.stringify("[".repeat(2_000)),
    JSON.stringify(`\\"${"{".repeat(2_000)}`),
    `[${"[],".repeat(2_000)}[]]`,
    `{"a\\\\":"${"[".repeat(2_000)}"}`,
    '"'.repeat(2_001),
    "\\".repeat(2_001),
  ];
  for (const text of texts) assert.equal(isNestedDeeper(text, 500), false, text.slice(0, 20));
});

Deno.test("parseYaml() names a document that nests too deeply", () => {
  for (const [open, close] of [["[", "]"], ['{"a":', "}"], ["{a: ", "}"]] as const) {
    assert.throws(() => parseYaml(nested(20_000, open, close), "api.json"), (error) => {
      assert.ok(error instanceof AppError && error.code === "BAD_INPUT");
      return true;
    });
  }
});
