import assert from "node:assert/strict";
import fc from "fast-check";
import { jsonForTerminal } from "../../lib/cli/json_text.ts";

Deno.test("jsonForTerminal() escapes what could deceive a reader, and stays the same JSON", () => {
  const value = { name: "abc\u202edef", tag: "x\u{e0041}", c1: "\u009b31m", esc: "\x1b[0m" };
  const text = jsonForTerminal(value, 0);
  assert.equal(
    text,
    String.raw`{"name":"abc\u202edef","tag":"x\udb40\udc41","c1":"\u009b31m","esc":"\u001b[0m"}`,
  );
  assert.deepEqual(JSON.parse(text), value);
});

Deno.test("jsonForTerminal() is JSON for any text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert.equal(JSON.parse(jsonForTerminal(text, 2)), text);
  }));
});
