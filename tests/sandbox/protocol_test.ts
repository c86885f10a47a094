import assert from "node:assert/strict";
import fc from "fast-check";
import { LineTooLong, readLines } from "../../lib/sandbox/line_reader.ts";
import { type GuestMessage, readGuestMessage } from "../../lib/sandbox/protocol.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";

Deno.test("readGuestMessage() reads each kind of message and nothing beside its fields", () => {
  const messages: GuestMessage[] = [
    { kind: "started" },
    { kind: "call", id: 1, name: "prompt_text", text: "Email" },
    { kind: "call", id: 2, name: "tell_user", text: "" },
    { kind: "debug", text: "x" },
    { kind: "exchange", method: "GET", url: "https://a.example/", status: 200 },
    { kind: "exchange", method: "GET", url: "https://a.example/", status: null, error: "no" },
    { kind: "result", json: "{}" },
    { kind: "error", name: "Error", message: "m", line: 3 },
    { kind: "error", name: "Error", message: "m", line: null },
    { kind: "limit", limit: "memory" },
  ];
  for (const message of messages) {
    assert.deepEqual(readGuestMessage(JSON.stringify({ ...message, more: 1 })), message);
  }
});

Deno.test("readGuestMessage() takes nothing else for a message", () => {
  const lines = [
    "",
    "null",
    "[]",
    "{}",
    '{"kind":"exec"}',
    '{"kind":"call","id":1,"name":"debug","text":"x"}',
    '{"kind":"call","id":1,"name":"__proto__","text":"x"}',
    '{"kind":"call","id":1.5,"name":"prompt_text","text":"x"}',
    '{"kind":"call","id":"1","name":"prompt_text","text":"x"}',
    '{"kind":"call","id":-1,"name":"prompt_text","text":"x"}',
    '{"kind":"call","id":1,"name":"prompt_text","text":{}}',
    '{"kind":"debug"}',
    '{"kind":"exchange","method":"GET","url":1,"status":200}',
    '{"kind":"exchange","method":"GET","url":"x","status":"200"}',
    '{"kind":"result","json":{}}',
    '{"kind":"error","name":"Error"}',
    '{"kind":"limit","limit":"time"}',
    '{"__proto__":{"kind":"result","json":"{}"}}',
  ];
  for (const line of lines) assert.equal(readGuestMessage(line), null, line);
});

/** Members as they should be, or anything. */
const odd = (right: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 4, arbitrary: right }, {
    weight: 1,
    arbitrary: fc.jsonValue({ maxDepth: 1 }),
  });

const nearlyMessages = fc.record({
  kind: fc.constantFrom("started", "call", "debug", "exchange", "result", "error", "limit"),
  id: odd(fc.nat()),
  name: odd(fc.constantFrom("prompt_text", "prompt_secret", "tell_user", "TypeError")),
  text: odd(fc.string()),
  method: odd(fc.constant("GET")),
  url: odd(fc.webUrl()),
  status: odd(fc.constantFrom(200, null)),
  json: odd(fc.json({ maxDepth: 1 })),
  message: odd(fc.string()),
  line: odd(fc.nat()),
  limit: odd(fc.constantFrom("cpu", "memory", "time")),
}, { requiredKeys: ["kind"] }).map((message) => JSON.stringify(message));

Deno.test("readGuestMessage() never throws, and what it lets pass is a message", () => {
  const passed = new Set<string>();
  fc.assert(
    fc.property(fc.oneof(nearlyMessages, fc.json(), fc.string()), (line) => {
      const message = readGuestMessage(line);
      if (message === null) return;
      passed.add(message.kind);
      assert.deepEqual(readGuestMessage(JSON.stringify(message)), message);
    }),
    { numRuns: fuzzRuns(10_000) },
  );
  assert.equal(passed.size, 7, "each kind got through");
});

function streamOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(chunks);
}

Deno.test("readLines() joins chunks wherever they were cut", async () => {
  const bytes = new TextEncoder().encode("eins\n\nzwei ä 👍\nrest");
  for (let size = 1; size <= bytes.length; size++) {
    const chunks: Uint8Array[] = [];
    for (let i = 0; i < bytes.length; i += size) chunks.push(bytes.subarray(i, i + size));
    const lines = await Array.fromAsync(readLines(streamOf(chunks), 100));
    assert.deepEqual(lines, ["eins", "", "zwei ä 👍"]);
  }
});

Deno.test("readLines() stops before it holds more of a line than it may", async () => {
  const chunk = new Uint8Array(60).fill(65);
  await assert.rejects(
    () => Array.fromAsync(readLines(streamOf([chunk, chunk]), 100)),
    LineTooLong,
  );
});
