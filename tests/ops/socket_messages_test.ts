import assert from "node:assert/strict";
import { MASK, Redactor } from "../../lib/base/redact.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { frameMessage, streamMessages } from "../../lib/ops/socket_messages.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function knowing(secret: string): Redactor {
  const redactor = new Redactor();
  redactor.add(secret);
  return redactor;
}

function answered(type: string, body: string): Trace {
  return {
    id: "t_0001",
    captureId: "c_01",
    startedAtMs: 0,
    request: { method: "GET", url: "https://quay.example/events", headers: [], body: null },
    response: { status: 200, headers: [["content-type", type]], body: bytes(body) },
    marks: [],
    noise: null,
  };
}

Deno.test("frameMessage() shows who spoke and when, and masks credentials", () => {
  const frame = {
    atMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    sender: "client",
    kind: "text",
    payload: bytes('{"op":"auth","token":"abc","id":"tok-8H2k-9"}'),
  } as const;
  assert.deepEqual(frameMessage(frame, knowing("tok-8H2k-9")), {
    sender: "client",
    at: "2026-01-02T03:04:05.678Z",
    event: null,
    text: `{"op":"auth","token":"${MASK}","id":"${MASK}"}`,
    bytes: 45,
  });
  assert.match(frameMessage(frame, null).text!, /"token":"abc"/);
  const binary = { ...frame, kind: "binary", payload: new Uint8Array([0, 255]) } as const;
  assert.deepEqual([frameMessage(binary, null).text, frameMessage(binary, null).bytes], [null, 2]);
});

Deno.test("streamMessages() reads events as browsers do, and no other answer", () => {
  const text =
    ': hello\r\n\r\nevent: price\r\ndata: {"a":1,\r\ndata:"secret":"x"}\r\nid: 7\r\n\r\n' +
    "retry: 10\n\ndata\n\ndata: last";
  const read = (trace: Trace) =>
    streamMessages(trace, knowing("zzzzzzzz")).map(({ event, text }) => [event, text]);
  assert.deepEqual(read(answered("text/event-stream; charset=utf-8", text)), [
    ["price", `{"a":1,\n"secret":"${MASK}"}`],
    [null, ""],
    [null, "last"],
  ]);
  assert.deepEqual(read(answered("text/plain", text)), []);
});
