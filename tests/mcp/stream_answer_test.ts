import assert from "node:assert/strict";
import { startDesk } from "../resolve/desk.ts";
import { withConnection } from "./in_process.ts";
import { textOf, type ToolAnswer } from "./mcp_home.ts";

Deno.test("a call of a stream without an end answers what came within its time limit", async () => {
  const ended = new AbortController();
  await using desk = await startDesk(() => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('data: {"id":1}\n\ndata: {"id":2}\n\n'));
        ended.signal.addEventListener("abort", () => controller.close());
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  });
  await desk.configure({});
  await withConnection(desk.context(), { timeoutMs: 1_000 }, async ({ client }) => {
    const answer = await client.callTool({ name: "desk_listTickets", arguments: {} });
    assert.notEqual(answer.isError, true, JSON.stringify(answer));
    const text = textOf(answer as unknown as ToolAnswer);
    assert.match(
      text,
      /^HTTP 200 text\/event-stream\nThe answer is not whole: it did not end within 1 s/,
    );
    assert.match(text, /data: \{"id":1\}\n\ndata: \{"id":2\}/);
  });
  ended.abort();
});
