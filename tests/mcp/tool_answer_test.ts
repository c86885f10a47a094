import assert from "node:assert/strict";
import { Redactor } from "../../lib/base/redact.ts";
import { answerResult } from "../../lib/mcp/tool_answer.ts";
import type { ToolResult } from "../../lib/ops/tool_owner.ts";

function resultOf(text: string, parts: Partial<ToolResult> = {}): ToolResult {
  return {
    status: 200,
    url: "https://api.example.com/",
    headers: [],
    mediaType: "application/json",
    body: new TextEncoder().encode(text),
    text,
    json: undefined,
    pages: [],
    error: null,
    ...parts,
  };
}

Deno.test("answerResult() masks a secret however the server spells it", () => {
  const redactor = new Redactor();
  redactor.add("tok/abc+def=");
  const json = '{"t":"\\u0074ok\\/abc\\u002bdef="}';
  const answers = [
    resultOf(json, { json: JSON.parse(json) }),
    resultOf("<p>tok&#47;abc&#43;def&#61;", { mediaType: "text/html" }),
    resultOf('x = {"t":"tok\\/abc+def="}', { mediaType: "text/html" }),
    resultOf("{}", { mediaType: "tok/abc+def=" }),
  ];
  for (const answer of answers) {
    const shown = JSON.stringify(answerResult(answer, redactor, []));
    assert.match(shown, /‹secret›/);
    assert.doesNotMatch(shown, /abc/);
  }
});
