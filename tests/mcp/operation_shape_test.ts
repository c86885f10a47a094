import assert from "node:assert/strict";
import { actionOf, endsInPeople, pathEnd, verbOf } from "../../lib/mcp/operation_shape.ts";
import type { ToolSummary } from "../../lib/ops/tool_owner.ts";

function operation(text: string): ToolSummary {
  const [method, path] = text.split(" ");
  return { method, path, description: "" } as unknown as ToolSummary;
}

Deno.test("endsInPeople() tells people from things that end alike", () => {
  for (
    const path of ["/teams/{id}/members", "/followers/{name}", "/boats/{id}/assignees", "/people"]
  ) {
    assert.equal(endsInPeople(operation(`GET ${path}`)), true, path);
  }
  for (const path of ["/orders", "/mail-servers/{id}", "/clusters", "/boats", "/"]) {
    assert.equal(endsInPeople(operation(`GET ${path}`)), false, path);
  }
});

Deno.test("verbOf(), actionOf() and pathEnd() read method and path", () => {
  assert.equal(verbOf(operation("POST /boats/{id}")), "update");
  assert.equal(verbOf(operation("POST /boats")), "create");
  assert.equal(verbOf(operation("GET /boats/{id}")), "get");
  assert.deepEqual(actionOf(operation("POST /trips/{id}/cancel")), ["cancel"]);
  assert.deepEqual(actionOf(operation("GET /trips/{id}/cancel")), []);
  assert.deepEqual(pathEnd(operation("GET /dry-docks/{id}")), ["dry", "dock"]);
});
