import assert from "node:assert/strict";
import fc from "fast-check";
import { AppError } from "../../lib/base/error.ts";
import { formatYaml, parseYaml } from "../../lib/base/yaml.ts";
import { yamlPositions } from "../../lib/base/yaml_positions.ts";

Deno.test("parseYaml() reads YAML, flow YAML and JSON, with or without a byte order mark", () => {
  for (const text of ["a: [1, x]", "{a: [1, x]}", '{"a": [1, "x"]}', '\uFEFF{"a":[1,"x"]}']) {
    assert.deepEqual(parseYaml(text, "f"), { a: [1, "x"] });
  }
});

Deno.test("parseYaml() follows merge keys and keeps dates and yes as texts", () => {
  const text = "base: &b {x: 1}\nuse: {<<: *b, d: 2020-01-01, y: yes}";
  assert.deepEqual((parseYaml(text, "f") as { use: unknown }).use, {
    x: 1,
    d: "2020-01-01",
    y: "yes",
  });
});

Deno.test("parseYaml() keeps __proto__ as a key and touches no prototype", () => {
  for (const text of ['{"__proto__": {"polluted": 1}}', "__proto__: {polluted: 1}"]) {
    const value = parseYaml(text, "f") as Record<string, unknown>;
    assert.deepEqual(Object.keys(value), ["__proto__"]);
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  }
});

Deno.test("parseYaml() refuses aliases that stand for too much, and those that contain themselves", () => {
  const levels = Array.from(
    { length: 12 },
    (_, i) => `l${i + 1}: &l${i + 1} [${Array(10).fill(`*l${i}`).join(", ")}]`,
  );
  const bomb = ["l0: &l0 [x]", ...levels].join("\n");
  assert.throws(() => parseYaml(bomb, "bomb.yaml"), /aliases stand for too many values/);
  assert.throws(() => parseYaml("a: &x [*x]", "loop.yaml"), /contains itself/);
});

Deno.test("parseYaml() names the place of a mistake in YAML and in JSON", () => {
  const cases: [string, number, number][] = [["a: 1\nb: c: d\n", 2, 5], [
    '{\n  "a": 1,,\n}',
    2,
    10,
  ]];
  for (const [text, line, column] of cases) {
    assert.throws(() => parseYaml(text, "f"), (error: AppError) => {
      assert.equal(error.code, "BAD_INPUT");
      assert.deepEqual(error.details, { file: "f", line, column });
      return true;
    });
  }
});

Deno.test("formatYaml() writes what parseYaml() reads", () => {
  fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
    const plain = JSON.parse(JSON.stringify(value));
    assert.deepEqual(parseYaml(formatYaml(plain), "f"), plain);
  }));
});

Deno.test("yamlPositions() finds entries at their keys and items at their start", () => {
  const positions = yamlPositions('# note\na:\n  - x\n  - b/c: 1\n"d": {e: [2, 3]}\n');
  const found = Object.fromEntries(
    [...positions].map(([pointer, at]) => [pointer, `${at.line}:${at.column}`]),
  );
  assert.deepEqual(found, {
    "": "2:1",
    "/a": "2:1",
    "/a/0": "3:5",
    "/a/1": "4:5",
    "/a/1/b~1c": "4:5",
    "/d": "5:1",
    "/d/e": "5:7",
    "/d/e/0": "5:11",
    "/d/e/1": "5:14",
  });
});
