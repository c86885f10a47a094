import assert from "node:assert/strict";
import fc from "fast-check";
import { LineTransport } from "../../lib/mcp/line_transport.ts";
import { type Line, MessageLines } from "../../lib/mcp/message_lines.ts";
import { inWords } from "../../lib/mcp/plain_errors.ts";
import { readMessage } from "../../lib/mcp/read_message.ts";
import { TopLevelId } from "../../lib/mcp/top_level_id.ts";

import { readAll } from "./talk.ts";

const encoder = new TextEncoder();

function linesOf(bytes: Uint8Array, cuts: readonly number[], maxBytes: number): Line[] {
  const lines = new MessageLines(maxBytes);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b)];
  const chunks = places.map((start, index) => bytes.subarray(start, places[index + 1]));
  return [...chunks.flatMap((chunk) => [...lines.push(chunk)]), ...lines.end()];
}

Deno.test("MessageLines finds the lines however they are cut", () => {
  const text = fc.string({ unit: "grapheme" }).map((line) => line.replace(/[\r\n]/g, ""));
  const property = fc.property(fc.array(text), fc.array(fc.nat()), (texts, cuts) => {
    const bytes = encoder.encode(texts.map((line) => `${line}\r\n`).join(""));
    assert.deepEqual(
      linesOf(bytes, cuts, 1_000_000),
      texts.map((line) => ({ kind: "line", text: line.replace(/^\ufeff/, "") })),
    );
  });
  fc.assert(property);
});

Deno.test("MessageLines looks at each byte once", () => {
  let looked = 0;
  class Counted extends Uint8Array {
    override indexOf(value: number, from?: number): number {
      looked += this.length;
      return super.indexOf(value, from);
    }
  }
  const lines = new MessageLines();
  for (let index = 0; index < 1_000; index++) {
    assert.equal([...lines.push(new Counted(1_000).fill(32))].length, 0);
  }
  assert.equal(looked, 1_000_000);
});

Deno.test("MessageLines gives up a line that is too long, and reads on", () => {
  const message = (id: unknown) =>
    JSON.stringify({ method: "x", params: { id: 1, text: 'a "id": 2, }' }, jsonrpc: "2.0", id });
  const bytes = encoder.encode(`${message("before")}\n${message(7)}\nshort\n${message([8])}`);
  for (const cuts of [[], [5], [3, 40, 90, 91, 92, 140], [200]]) {
    assert.deepEqual(linesOf(bytes, cuts, 60), [
      { kind: "too-long", id: "before" },
      { kind: "too-long", id: 7 },
      { kind: "line", text: "short" },
      { kind: "too-long", id: null },
    ]);
  }
});

Deno.test("TopLevelId reads what JSON.parse() reads", () => {
  const id = fc.oneof(fc.integer(), fc.string({ maxLength: 20 }));
  const property = fc.property(
    id,
    fc.dictionary(fc.string(), fc.jsonValue()),
    fc.dictionary(fc.string(), fc.jsonValue()),
    fc.constantFrom(0, 2),
    (id, before, after, indent) => {
      const scanner = new TopLevelId();
      const { id: _, ...rest } = after;
      const text = JSON.stringify({ ...before, id, ...rest }, null, indent);
      scanner.push(encoder.encode(text));
      assert.equal(scanner.id, JSON.parse(text).id);
    },
  );
  fc.assert(property);
});

Deno.test("readMessage() answers what is not a message", () => {
  const cases: [line: string, id: unknown, code: number, message: RegExp][] = [
    ["not json", null, -32700, /not JSON/],
    ['{"jsonrpc":"2.0",', null, -32700, /not JSON/],
    ["[]", null, -32600, /[Bb]atches/],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', null, -32600, /[Bb]atches/],
    ["17", null, -32600, /not a JSON object/],
    ["{}", null, -32600, /"jsonrpc"/],
    ['{"jsonrpc":"1.0","id":7,"method":"ping"}', 7, -32600, /"jsonrpc"/],
    ['{"jsonrpc":"2.0","id":"a"}', "a", -32600, /"method"/],
    ['{"jsonrpc":"2.0","id":3,"method":5}', 3, -32600, /"method"/],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', null, -32600, /"id"/],
    ['{"jsonrpc":"2.0","id":4,"method":"ping","params":[1]}', 4, -32600, /"params"/],
    ['{"jsonrpc":"2.0","id":4,"method":"ping","params":{"_meta":1}}', 4, -32600, /"_meta"/],
    [
      '{"jsonrpc":"2.0","id":5,"method":"ping","params":{"_meta":{"progressToken":[]}}}',
      5,
      -32600,
      /"progressToken"/,
    ],
  ];
  for (const [text, id, code, message] of cases) {
    const read = readMessage({ kind: "line", text });
    assert.ok(read.kind === "answer", text);
    assert.deepEqual([read.answer.id, read.answer.error.code], [id, code], text);
    assert.match(read.answer.error.message, message);
  }
  for (const text of ["", "  ", '{"jsonrpc":"2.0","result":{}}', '{"error":{}}']) {
    assert.equal(readMessage({ kind: "line", text }).kind, "nothing", text);
  }
});

Deno.test("LineTransport answers what was asked before it closes with its input", async () => {
  const written: string[] = [];
  async function* input() {
    yield encoder.encode('{"jsonrpc":"2.0","id":1,"method":"slow"}\nnonsense\n');
    await Promise.resolve();
  }
  const transport = new LineTransport({
    read: (take) => readAll(input(), take),
    write: (bytes) => Promise.resolve(void written.push(new TextDecoder().decode(bytes))),
  });
  const asked = Promise.withResolvers<void>();
  transport.onmessage = () => asked.resolve();
  await transport.start();
  await asked.promise;
  let isClosed = false;
  transport.onclose = () => isClosed = true;
  for (let turns = 0; turns < 20; turns++) await Promise.resolve();
  assert.equal(isClosed, false);
  await transport.send({ jsonrpc: "2.0", id: 1, result: {} });
  await transport.closed;
  assert.deepEqual(written.map((line) => JSON.parse(line).id), [null, 1]);
});

Deno.test("LineTransport writes together what is ready together, every line whole", async () => {
  const written: string[] = [];
  const transport = new LineTransport({
    read: () => new Promise(() => {}),
    write: async (bytes) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      written.push(new TextDecoder().decode(bytes));
    },
  });
  await transport.start();
  const ids = Array.from({ length: 40 }, (_, id) => id);
  const sent = ids.map((id) => transport.send({ jsonrpc: "2.0", id, result: { text: "a\nü" } }));
  await sent[0];
  assert.equal(written.length, 1);
  await Promise.all([...sent, transport.send({ jsonrpc: "2.0", id: 40, result: {} })]);
  const lines = written.join("").split("\n");
  assert.equal(lines.pop(), "");
  assert.deepEqual(lines.map((line) => JSON.parse(line).id), [...ids, 40]);
  assert.ok(written.length <= 3, `${written.length} writes`);
  await transport.close();
});

Deno.test("LineTransport closes when nobody reads its answers", async () => {
  const transport = new LineTransport({
    read: () => new Promise(() => {}),
    write: () => Promise.reject(new Deno.errors.BrokenPipe()),
  });
  await transport.start();
  await assert.rejects(transport.send({ jsonrpc: "2.0", id: 1, result: {} }));
  await transport.closed;
});

Deno.test("inWords() says what a schema found in one line", () => {
  const list = JSON.stringify(
    [
      { code: "invalid_type", path: ["params", "name"], message: "Invalid input: expected string" },
      { code: "custom", path: [], message: "not this" },
    ],
    null,
    2,
  );
  const answer = (message: string) => ({
    jsonrpc: "2.0" as const,
    id: 1,
    error: { code: -32603, message },
  });
  assert.deepEqual(inWords(answer(`Invalid tools/call request: ${list}`)).error, {
    code: -32602,
    message: 'Invalid tools/call request: "params.name": expected string; not this',
  });
  assert.match(inWords(answer(list)).error.message, /^Invalid request: "params\.name"/);
  for (const message of ["No tool is named [x]", "[]", '["a"]', "[{}]"]) {
    assert.deepEqual(inWords(answer(message)), answer(message));
  }
});
