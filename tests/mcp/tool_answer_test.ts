import assert from "node:assert/strict";
import { Redactor } from "../../lib/base/redact.ts";
import { answerResult } from "../../lib/mcp/tool_answer.ts";
import { KeptAnswers } from "../../lib/ops/kept_answers.ts";
import { fakeContext } from "../support/fake_context.ts";
import { withTempFolder } from "../support/temp_folder.ts";
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
    cut: null,
    pages: [],
    error: null,
    ...parts,
  };
}

async function answerOf(result: ToolResult, redactor = new Redactor(), home = "/nowhere") {
  const kept = new KeptAnswers(fakeContext({ home }));
  return await answerResult(result, { redactor, tool: "shop_export", kept, output: null });
}

Deno.test("answerResult() masks a secret however the server spells it", async () => {
  const redactor = new Redactor();
  redactor.add("tok/abc+def=");
  const json = '{"t":"\\u0074ok\\/abc\\u002bdef="}';
  const answers = [
    resultOf(json, { json: JSON.parse(json) }),
    resultOf("<p>tok&#47;abc&#43;def&#61;", { mediaType: "text/html" }),
    resultOf('x = {"t":"tok\\/abc+def="}', { mediaType: "text/html" }),
    resultOf("{}", { mediaType: "tok/abc+def=" }),
    resultOf("{}", { headers: [["location", "/x?t=tok/abc+def="]] }),
  ];
  for (const answer of answers) {
    const shown = JSON.stringify(await answerOf(answer, redactor));
    assert.match(shown, /‹secret›/);
    assert.doesNotMatch(shown, /abc/);
  }
});

Deno.test("answerResult() masks a secret in what it keeps of a large answer", async () => {
  await withTempFolder(async (home) => {
    const redactor = new Redactor();
    redactor.add("tok-abc-def-1");
    const { content } = await answerOf(
      resultOf(`${"x".repeat(100_000)} tok-abc-def-1`, { mediaType: "text/plain" }),
      redactor,
      home,
    );
    const path = /the file (\S+),/.exec(JSON.stringify(content))?.[1] ?? "";
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
    assert.match(await Deno.readTextFile(path), /x ‹secret›$/);
  });
});

Deno.test("answerResult() keeps the digits of large whole numbers", async () => {
  const big = "12345678901234567890123";
  const text =
    `{"id":9007199254740993,"list":[-${big},1.5,7],"deep":{"n":18446744073709551615,"e":1e3}}`;
  for (const body of [text, `)]}',\n${text}`]) {
    const { structuredContent, content } = await answerOf(
      resultOf(body, { json: JSON.parse(text) }),
    );
    assert.deepEqual(structuredContent, {
      id: "9007199254740993",
      list: [`-${big}`, 1.5, 7],
      deep: { n: "18446744073709551615", e: 1000 },
    });
    assert.ok(JSON.stringify(content).includes(`[-${big},1.5,7]`));
  }
});

Deno.test("answerResult() shows where what was made is, and where there is more", async () => {
  const { content } = await answerOf(
    resultOf("", {
      status: 201,
      mediaType: "",
      headers: [["location", "/orders/7"], ["link", '</orders?page=2>; rel="next"'], ["x-a", "b"]],
    }),
  );
  assert.deepEqual(content, [
    { type: "text", text: 'HTTP 201\nLocation: /orders/7\nLink: </orders?page=2>; rel="next"' },
  ]);
});

Deno.test("answerResult() says that an answer is not whole, and is not an error for it", async () => {
  const { content, isError } = await answerOf(
    resultOf("part", { cut: "the connection broke", mediaType: "text/plain" }),
  );
  assert.equal(isError, undefined);
  assert.match(JSON.stringify(content), /not whole: the connection broke.*do not send it again/);
});

Deno.test("answerResult() is a success even where a large answer cannot be kept", async () => {
  const { content, isError } = await answerOf(
    resultOf("x".repeat(200_000)),
    new Redactor(),
    "/dev/null/home",
  );
  assert.equal(isError, undefined);
  assert.match(JSON.stringify(content), /could not be kept/);
});
