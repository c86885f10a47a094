import assert from "node:assert/strict";
import { ownWordsWithheld } from "../../lib/llm/own_words.ts";

const SCRIPT = `
const words = ["request", "response", "field", "header", "found", "answer"];
const text = await (await fetch("https://shop.example.com/login")).text();
if (!text.includes("csrf")) throw new Error("no csrf field after redirect");
const token = data.session.token;
throw new TypeError([...text].map((c) => words[c.charCodeAt(0) % 6]).join(" "));
await prompt_text("One-time code");
`;

Deno.test("ownWordsWithheld() tells class and line, and no message put together at run time", () => {
  const told: [string, string][] = [
    [
      "script line 3 failed: Error: no csrf field after redirect",
      "script line 3 failed: Error: no csrf field after redirect",
    ],
    [
      "script line 5 failed: TypeError: Cannot read properties of undefined (reading 'token')",
      "script line 5 failed: TypeError: Cannot read properties of undefined (reading 'token')",
    ],
    [
      "script failed: ReferenceError: words is not defined",
      "script failed: ReferenceError: words is not defined",
    ],
    ['prompt "One-time code" was never shown', 'prompt "One-time code" was never shown'],
    ['body field "csrf" was missing', 'body field "csrf" was missing'],
  ];
  for (const [problem, shown] of told) assert.equal(ownWordsWithheld(problem, SCRIPT), shown);
  const spelled = [
    "script line 6 failed: TypeError: request field response header found",
    "script line 6 failed: TypeError: answer",
    "script line 6 failed: found_request_header: field",
    "script line 6 failed: TypeError: response is not a function of field header",
    "script line 6 failed: SyntaxError: Unexpected token 'r', \"request field\" is not valid JSON",
    'prompt "request field header" was not recorded',
    'body field "found answer" was sent',
  ];
  for (const problem of spelled) {
    const shown = ownWordsWithheld(problem, SCRIPT.replaceAll(/"answer"|"request", /g, '"zzz", '));
    assert.doesNotMatch(
      shown,
      /request field|found answer|: answer|found_request|of field header/,
      shown,
    );
  }
});
