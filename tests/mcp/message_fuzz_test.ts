import assert from "node:assert/strict";
import fc from "fast-check";
import { APP } from "../support/token_home.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";
import { RawClient, withMcpHome } from "./mcp_home.ts";

const ids = fc.oneof(
  fc.integer({ min: 1_000_000, max: 2_000_000 }),
  fc.string(),
  fc.constant(null),
);
const methods = fc.constantFrom(
  "tools/list",
  "tools/call",
  "initialize",
  "ping",
  "server/discover",
  "logging/setLevel",
  "x",
);
const toolCalls = fc.record({
  name: fc.oneof(fc.constant(`${APP}_get_note`), fc.string(), fc.jsonValue()),
  arguments: fc.oneof(
    fc.record({
      note_id: fc.oneof(fc.constantFrom("../x", "..", "", "1"), fc.jsonValue({ maxDepth: 2 })),
    }),
    fc.jsonValue({ maxDepth: 3 }),
  ),
}, { requiredKeys: [] });

const messages = fc.oneof(
  fc.record({
    jsonrpc: fc.constantFrom("2.0", "2.0", "2.0", "1.0"),
    id: ids,
    method: methods,
    params: fc.oneof(toolCalls, fc.jsonValue({ maxDepth: 3 })),
  }, { requiredKeys: ["jsonrpc", "method"] }).map((message) => JSON.stringify(message)),
  fc.json(),
  fc.string({ unit: "binary" }).map((text) => text.replace(/[\r\n]/g, " ")),
);

Deno.test("serveMcp() survives any line, and writes nothing but JSON-RPC", async () => {
  await withMcpHome(() => Response.json({}), {}, async ({ home, site }) => {
    await using client = new RawClient(home);
    await client.initialize();
    for (const line of fc.sample(messages, fuzzRuns(300))) await client.send(line);
    const { result } = await client.request("tools/list");
    assert.equal((result as { tools: unknown[] }).tools.length, 3);
    assert.ok(site.seen.every(({ target }) => /^\/notes\/[^/?]+$/.test(target)));
    const { code, stderr } = await client.end();
    assert.equal(code, 0);
    assert.ok(!/Unexpected failure|at .*\.ts:\d/.test(stderr), stderr.slice(0, 500));
  });
});
