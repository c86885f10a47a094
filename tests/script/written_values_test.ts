import assert from "node:assert/strict";
import { writtenValues } from "../../lib/script/written_values.ts";

const textsOf = (source: string) =>
  writtenValues(source, "a.ts").texts.map(({ text, line }) => `${line} ${text.trim()}`);

Deno.test("writtenValues() finds texts within templates within templates, and skips comments", () => {
  const source =
    "// 'no'\nf(`a ${g(`b ${h(\"c\", { d: 'e' })} f`)} i`);\n/* \"no\" */ k('l \\' m')";
  assert.deepEqual(textsOf(source), ["2 a", "2 b", "2 c", "2 e", "2 f", "2 i", "3 l ' m"]);
});

Deno.test("writtenValues() takes no quote of a pattern for the beginning of a text", () => {
  const source = 'const line = /it\\"s \\"/;\nf("a", /\'/);\ng("b", \'c\');';
  assert.deepEqual(textsOf(source), ["2 a", "3 b", "3 c"]);
});

Deno.test("writtenValues() reads escapes, names of members between quotes, and no types", () => {
  const source =
    'const a: "type" = "q\\u005a1" as "other";\nconst b = { "x-key": String.raw`c\\u0` };';
  assert.deepEqual(textsOf(source), ["1 qZ1", "2 x-key", "2 c\\u0"]);
});

Deno.test("writtenValues() finds whole numbers of four digits and more, however they are written", () => {
  const source = "f(48_213, 12, 4711.5, 0x1234, 99887766n, -31337); const a1234 = '5555';";
  assert.deepEqual([...writtenValues(source, "a.ts").numbers], ["48213", "31337"]);
});
