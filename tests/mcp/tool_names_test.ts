import assert from "node:assert/strict";
import fc from "fast-check";
import { byMcpName, mcpToolName } from "../../lib/mcp/tool_names.ts";

Deno.test("mcpToolName() puts the owner before the tool", () => {
  assert.equal(mcpToolName("my-shop", "get_note"), "my-shop_get_note");
});

Deno.test("mcpToolName() cuts long names so that they stay apart and stay the same", () => {
  const tool = "a".repeat(60);
  const first = mcpToolName("my-shop", `${tool}_one`);
  const second = mcpToolName("my-shop", `${tool}_two`);
  assert.equal(first.length, 64);
  assert.notEqual(first, second);
  assert.equal(first, mcpToolName("my-shop", `${tool}_one`));
});

Deno.test("mcpToolName() writes only what every client takes", () => {
  fc.assert(fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (owner, tool) => {
    assert.match(mcpToolName(owner, tool), /^[A-Za-z0-9_-]{1,64}$/);
  }));
});

Deno.test("byMcpName() loses no tool when two would have one name", () => {
  const tools = [
    { owner: "a_b", name: "c" },
    { owner: "a", name: "b_c" },
    { owner: "a", name: "d" },
  ];
  const names = byMcpName(tools);
  assert.equal(names.size, 3);
  assert.deepEqual([...names.values()], tools);
  assert.ok(names.has("a_d"));
  assert.ok(!names.has("a_b_c"), "neither of the two has the name the other might have had");
});
