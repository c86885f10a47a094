import assert from "node:assert/strict";
import { readMessage } from "../../lib/mcp/read_message.ts";
import { APP } from "../support/token_home.ts";
import { hello, library, own, withServing } from "./talk.ts";

const DIGITS = "900719925474099312345";

function call(id: number, name: string, args: string): string {
  const params = `{"name":"${name}","arguments":${args}}`;
  return `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${params}}`;
}

Deno.test("large whole numbers among the arguments of a call keep their digits", async () => {
  const parameters = {
    type: "object",
    properties: { note_id: { type: "integer" }, body: { type: "object" } },
    required: ["note_id"],
    additionalProperties: false,
  };
  await withServing({}, () => Response.json({}), async (serving, seen, { addTool }) => {
    await addTool({ name: "keep_note", parameters });
    for (const talk of [own(serving), library(serving)]) {
      await talk.ask(hello("2025-06-18"));
      const direct = call(1, `${APP}_keep_note`, `{"note_id":${DIGITS}}`);
      const inner = `{"name":"${APP}_keep_note","arguments":{"note_id":${DIGITS}}}`;
      const text = JSON.stringify(`{"note_id":${DIGITS}}`);
      const asText = `{"name":"${APP}_keep_note","arguments":${text}}`;
      const lines = [direct, call(2, "call_tool", inner), call(3, "call_tool", asText)];
      for (const [at, line] of lines.entries()) {
        const { result } = await talk.askWith(at + 1, line);
        assert.notEqual(result.isError, true, JSON.stringify(result));
        assert.match(seen.at(-1)!.target, new RegExp(`/${DIGITS}\\b`), line);
      }
      await talk.end();
    }
    assert.equal(seen.length, 6);
  });
});

Deno.test("readMessage() changes no other number of a message", () => {
  const text = '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"a",' +
    '"arguments":{"text":"12345678901234567890","small":1.50,"list":[12345678901234567890]}}}';
  const read = readMessage({ kind: "line", text });
  assert.ok(read.kind === "message");
  assert.equal(
    JSON.stringify(read.message),
    text.replace("1.50", "1.5"),
  );
  const cancelled = '{"jsonrpc":"2.0","method":"x","params":{"n":12345678901234567890}}';
  const other = readMessage({ kind: "line", text: cancelled });
  assert.ok(other.kind === "message");
  assert.deepEqual(other.message, JSON.parse(cancelled));
});

Deno.test("readMessage() answers the id of a call whose arguments are nested too deep", () => {
  const depth = 100_000;
  const list = `[${DIGITS},${"[".repeat(depth)}${"]".repeat(depth)}]`;
  const read = readMessage({ kind: "line", text: call(7, "keep", `{"body":${list}}`) });
  assert.ok(read.kind === "answer");
  assert.equal(read.answer.id, 7);
  assert.match(read.answer.error.message, /nested too deep/);
});
