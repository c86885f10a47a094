import assert from "node:assert/strict";
import { parseExactJson } from "../../lib/base/exact_json.ts";
import { Redactor } from "../../lib/base/redact.ts";
import { redactJson } from "../../lib/base/redact_json.ts";

Deno.test("parseExactJson() keeps the digits of large whole numbers", () => {
  const text =
    '{"id":9007199254740995777,"more":[-9007199254740993,1.5,1e400,12],"text":"9007199254740993"}';
  assert.equal(JSON.stringify(parseExactJson(text)), text);
  assert.throws(() => parseExactJson("{"), SyntaxError);
});

Deno.test("redactJson() keeps large whole numbers, and masks those that are secret", () => {
  const redactor = new Redactor();
  redactor.add("9007199254740993");
  const value = parseExactJson('{"id":9007199254740995777,"code":9007199254740993}');
  assert.equal(
    JSON.stringify(redactJson(value, redactor)),
    '{"id":9007199254740995777,"code":"‹secret›"}',
  );
});
