import assert from "node:assert/strict";
import { schemaProblems } from "../../lib/base/json_schema.ts";

Deno.test("schemaProblems() gives up on a pattern that backtracks for ever", () => {
  for (const value of [{ s: `${"a".repeat(60)}!` }, { [`${"a".repeat(60)}!`]: 1 }]) {
    const schema = {
      properties: { s: { pattern: "^(a+)+$" } },
      patternProperties: { "^(a|a)+$": true },
    };
    assert.throws(() => schemaProblems(schema, value), /does not come to an end/);
  }
});

Deno.test("schemaProblems() still tells what is wrong where there are patterns", () => {
  const schema = { properties: { s: { type: "string", pattern: "^a$" } } };
  assert.deepEqual(schemaProblems(schema, { s: "a" }), []);
  assert.deepEqual(schemaProblems(schema, { s: "b" })[0]?.path, ["s"]);
  assert.throws(
    () => schemaProblems({ properties: { s: { pattern: "(" } } }, { s: "b" }),
    /Invalid regular expression/,
  );
});
