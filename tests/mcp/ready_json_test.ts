import assert from "node:assert/strict";
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import type { JsonSchema } from "../../lib/base/json.ts";
import { messageJson, withJson } from "../../lib/mcp/ready_json.ts";
import { describedJson, describeForClient } from "../../lib/mcp/tool_description.ts";
import type { ToolSummary } from "../../lib/ops/tool_owner.ts";

Deno.test("messageJson() writes a result as the JSON it has, and others as JSON.stringify() does", () => {
  const plain = { jsonrpc: "2.0", id: 'a"b', result: { n: 1 } } as JSONRPCMessage;
  assert.deepEqual(messageJson(plain), [JSON.stringify(plain)]);
  const result = withJson({ n: 1 }, '{"n":1,"raw":12345678901234567890}');
  const text = messageJson({ jsonrpc: "2.0", id: 7, result } as JSONRPCMessage).join("");
  assert.equal(text, '{"jsonrpc":"2.0","id":7,"result":{"n":1,"raw":12345678901234567890}}');
});

Deno.test("describedJson() says what describeForClient() does, however the arguments are at hand", () => {
  const schemas: JsonSchema[] = [
    { type: "object", properties: { 'a"b': { type: "string" } } },
    { properties: {}, type: "object" },
    { anyOf: [{ type: "object" }] },
    true,
  ];
  for (const parameters of schemas) {
    const summary = {
      name: "list_notes",
      description: "Notes \u2028",
      method: "GET",
      path: "/notes",
      safe: true,
      additive: false,
      idempotent: true,
      parameters,
      answers: { type: "object" },
      answersSize: 20,
    } as unknown as ToolSummary;
    for (const ready of [summary, { ...summary, parametersJson: JSON.stringify(parameters) }]) {
      const tool = { owner: "desk", summary: ready };
      for (const withOutput of [true, false]) {
        assert.deepEqual(
          JSON.parse(describedJson("desk_list", tool, withOutput)),
          JSON.parse(JSON.stringify(describeForClient("desk_list", tool, withOutput))),
        );
      }
    }
  }
});
