import assert from "node:assert/strict";
import { answerText } from "../../lib/http/answer_text.ts";

Deno.test("answerText() says the values of headers and the decoded body", () => {
  const body = new Uint8Array([0x67, 0x72, 0xfc, 0x6e]);
  const headers: [string, string][] = [["Content-Type", "text/plain; charset=iso-8859-1"], [
    "X-Pier",
    "north",
  ]];
  const answer = { status: 200, headers, body };
  assert.equal(answerText(answer), "text/plain; charset=iso-8859-1\nnorth\ngrün");
  assert.equal(answerText(answer), answerText({ ...answer }));
  assert.equal(answerText({ ...answer, body: null }), "text/plain; charset=iso-8859-1\nnorth\n");
});
