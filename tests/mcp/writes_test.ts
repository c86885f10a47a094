import assert from "node:assert/strict";
import { askBeforeWrite } from "../../lib/mcp/confirm_write.ts";
import { withHeartbeat } from "../../lib/mcp/heartbeat.ts";
import type { Client } from "@modelcontextprotocol/client";
import { startDesk } from "../resolve/desk.ts";
import { REVISIONS, withConnection } from "./in_process.ts";
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

Deno.test("--confirm-writes asks the user of a real client, and makes the call for a yes alone", async () => {
  await using desk = await startDesk(() => Response.json({ ok: true }));
  await desk.configure({});
  for (const mode of REVISIONS) {
    const asked: string[] = [];
    let answer: Record<string, unknown> = {};
    const options = {
      mode,
      confirmWrites: true,
      capabilities: { elicitation: { form: {} } },
      prepare: (client: Client) =>
        client.setRequestHandler("elicitation/create", ({ params }) => {
          asked.push(params.message);
          return answer as never;
        }),
    };
    await withConnection(desk.context(), options, async ({ client }) => {
      const call = (name: string, args: Record<string, unknown>) =>
        client.callTool({ name: `desk_${name}`, arguments: args });
      const before = desk.requests.length;
      assert.notEqual((await call("listTickets", { limit: 3 })).isError, true);
      assert.deepEqual([asked.length, desk.requests.length - before], [0, 1]);
      for (
        const no of [{ action: "decline" }, { action: "cancel" }, {
          action: "accept",
          content: { confirm: false },
        }]
      ) {
        answer = no;
        const refused = await call("deleteTicket", { id: 7 });
        assert.match(JSON.stringify(refused), /did not agree to this call; it was not made/);
      }
      assert.equal(desk.requests.length - before, 1);
      answer = { action: "accept", content: { confirm: true } };
      assert.notEqual((await call("deleteTicket", { id: 7 })).isError, true);
      assert.equal(desk.requests.at(-1)?.method, "DELETE");
      assert.match(
        asked.at(-1)!,
        /^Call desk deleteTicket \(DELETE .*\/tickets\/\{id\}\)\?[^]*"id": 7/,
      );
    });
  }
});

Deno.test("askBeforeWrite() goes on for a yes and for nothing else", () => {
  const summary = { ...WRITE, url: "https://x/notes/{id}", description: "" };
  const tool = { owner: APP, summary } as never;
  const ask = (answers: Record<string, unknown>) =>
    askBeforeWrite(tool, { arguments: { id: 7 }, answers }, true);
  assert.match(JSON.stringify(ask({})), /delete_note[^]*DELETE[^]*\\"id\\": 7/);
  const long = askBeforeWrite(tool, { arguments: { text: "x".repeat(2_000) }, answers: {} }, true);
  assert.match(JSON.stringify(long), /x… and 1015 characters more/);
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
