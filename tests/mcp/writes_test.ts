import assert from "node:assert/strict";
import { askBeforeWrite } from "../../lib/mcp/confirm_write.ts";
import { withHeartbeat } from "../../lib/mcp/heartbeat.ts";
import { APP } from "../support/token_home.ts";
import { RawClient, textOf, withMcpHome } from "./mcp_home.ts";

const WRITE = { name: "delete_note", method: "DELETE", safe: false } as const;

Deno.test("serveMcp() offers no tool that may change something with --read-only", async () => {
  await withMcpHome(() => Response.json({}), {}, async ({ home, addTool, site }) => {
    await addTool(WRITE);
    await using client = new RawClient(home, ["--read-only"]);
    await client.initialize();
    const { result } = await client.request("tools/list");
    assert.doesNotMatch(JSON.stringify(result), /delete_note/);
    assert.match(JSON.stringify(result), /get_note/);
    const { error } = await client.request("tools/call", {
      name: `${APP}_delete_note`,
      arguments: { note_id: 1 },
    });
    assert.match(error?.message ?? "", /No tool is named/);
    assert.equal(site.seen.length, 0);
  });
});

Deno.test("serveMcp() makes no call that may change something without the user's word with --confirm-writes", async () => {
  await withMcpHome(() => Response.json({}), {}, async ({ home, addTool, site }) => {
    await addTool(WRITE);
    await using client = new RawClient(home, ["--confirm-writes"]);
    await client.initialize();
    const refused = await client.call(`${APP}_delete_note`, { note_id: 1 });
    assert.equal(refused.isError, true);
    assert.match(textOf(refused), /cannot ask its user; the call was not made/);
    assert.equal(site.seen.length, 0);
    assert.notEqual((await client.call(`${APP}_get_note`, { note_id: 1 })).isError, true);
    assert.equal(site.seen.length, 1);
  });
});

Deno.test("askBeforeWrite() goes on for a yes and for nothing else", () => {
  const summary = { ...WRITE, url: "https://x/notes/{id}", description: "" };
  const tool = { owner: APP, summary } as never;
  const ask = (answers: Record<string, unknown>) =>
    askBeforeWrite(tool, { arguments: { id: 7 }, answers }, true);
  assert.match(JSON.stringify(ask({})), /delete_note[^]*DELETE[^]*\\"id\\": 7/);
  assert.equal(ask({ confirm: { action: "accept", content: { confirm: true } } }), null);
  for (
    const answer of [
      { action: "accept", content: { confirm: false } },
      { action: "accept" },
      { action: "decline" },
      { action: "cancel", content: { confirm: true } },
    ]
  ) {
    assert.match(JSON.stringify(ask({ confirm: answer })), /did not agree/);
  }
});

Deno.test("withHeartbeat() beats while a call lasts, for who asked for it", async () => {
  const beats: unknown[] = [];
  const enough = Promise.withResolvers<void>();
  const notify = ({ params }: { params?: unknown }) => {
    if (beats.push(params) === 2) enough.resolve();
    return Promise.resolve();
  };
  await withHeartbeat({ _meta: { progressToken: "t" }, notify }, () => enough.promise, 5);
  assert.deepEqual(beats.map((beat) => (beat as { progress: number }).progress), [1, 2]);
  assert.equal((beats[0] as { progressToken: string }).progressToken, "t");
  await withHeartbeat({ notify }, () => new Promise((resolve) => setTimeout(resolve, 20)), 5);
  assert.equal(beats.length, 2);
});
