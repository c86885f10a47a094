import assert from "node:assert/strict";
import { Redactor } from "../../lib/base/redact.ts";
import { redactJson, redactJsonText } from "../../lib/base/redact_json.ts";

Deno.test("redactJson() masks secrets in members, keys and lists, and leaves the rest", () => {
  const redactor = new Redactor();
  redactor.add("hunter22");
  const value = { a: "pw=hunter22", hunter22: [null, true, "x", { b: "hunter22" }], n: 12 };
  assert.deepEqual(redactJson(value, redactor), {
    a: "pw=‹secret›",
    "‹secret›": [null, true, "x", { b: "‹secret›" }],
    n: 12,
  });
});

Deno.test("redactJson() masks a number that is a secret whole, not one that holds its digits", () => {
  const redactor = new Redactor();
  redactor.add("123456");
  assert.deepEqual(redactJson([123456, 91234567], redactor), ["‹secret›", 91234567]);
});

Deno.test("redactJson() leaves out undefined members as JSON does", () => {
  assert.deepEqual(redactJson({ a: undefined, b: 1 }, new Redactor()), { b: 1 });
});

Deno.test("redactJsonText() finds a secret whose characters are spelled as escapes", () => {
  const redactor = new Redactor();
  redactor.add("hunter22");
  const text = '{ "a": "\\u0068unter22" }';
  assert.equal(redactJsonText(text, JSON.parse(text), redactor), '{"a":"‹secret›"}');
  assert.equal(redactJsonText('{ "a": 1 }', { a: 1 }, redactor), '{ "a": 1 }');
});

Deno.test("redactJson() keeps a program's member names where somebody's password is one", () => {
  const redactor = new Redactor();
  redactor.add("name");
  assert.deepEqual(redactJson({ name: "name", inputs: [{ name: "x" }] }, redactor), {
    name: "‹secret›",
    inputs: [{ name: "x" }],
  });
});
