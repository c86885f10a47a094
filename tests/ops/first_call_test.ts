import assert from "node:assert/strict";
import { firstCall } from "../../lib/ops/learn.ts";

Deno.test("firstCall() names a tool that changes nothing and needs no argument", () => {
  const tool = (name: string, safe: boolean, required: string[] = []) => ({
    name,
    safe,
    parameters: { type: "object", properties: {}, required },
  });
  const [change, read, list] = [
    tool("moor_boat", false),
    tool("get_boat", true, ["id"]),
    tool("list_boats", true),
  ];
  assert.deepEqual(firstCall("dock", [change, read, list]), ["keysmith call dock list_boats"]);
  assert.deepEqual(firstCall("dock", [change, read]), ["keysmith tools show dock moor_boat"]);
  assert.deepEqual(firstCall("dock", []), []);
});
