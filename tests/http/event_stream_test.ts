import assert from "node:assert/strict";
import fc from "fast-check";
import { type StreamItem, StreamReader } from "../../lib/http/event_stream.ts";

function itemsOf(mediaType: string, text: string, cuts: readonly number[] = []): StreamItem[] {
  const bytes = new TextEncoder().encode(text);
  const reader = new StreamReader(mediaType);
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
  const starts = [0, ...ends];
  const pieces = starts.map((start, at) => bytes.subarray(start, ends[at] ?? bytes.length));
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}

const EVENTS = ': hello\r\nevent: tick\r\nid: 7\r\ndata: {"n":\r\ndata: 1}\r\n\r\n' +
  "data:gr\u00fc\u00dfe\n\ndata\n\nevent: lonely\n\nretry: 5\rdata: last\r\rdata: cut off";
const LINES = '{"a":1}\n\n{"a":2}\r\nplain\n"end"';

Deno.test("StreamReader reads events as the HTML standard has them", () => {
  assert.deepEqual(itemsOf("text/event-stream", EVENTS), [
    { event: "tick", id: "7", text: '{"n":\n1}', json: { n: 1 } },
    { event: null, id: "7", text: "gr\u00fc\u00dfe", json: undefined },
    { event: null, id: "7", text: "", json: undefined },
    { event: null, id: "7", text: "last", json: undefined },
  ]);
});

Deno.test("StreamReader reads JSON lines and text sequences", () => {
  const texts = (type: string, text: string) =>
    itemsOf(type, text).map(({ json, text }) => json ?? text);
  assert.deepEqual(texts("application/x-ndjson", LINES), [{ a: 1 }, { a: 2 }, "plain", "end"]);
  assert.deepEqual(texts("application/json-seq", '\x1e{"a":\n1}\n\x1e[2]\n'), [{ a: 1 }, [2]]);
});

Deno.test("StreamReader answers the same however the bytes are cut", () => {
  fc.assert(fc.property(fc.array(fc.nat(300), { maxLength: 40 }), (cuts) => {
    for (
      const [type, text] of [["text/event-stream", EVENTS], ["application/jsonl", LINES]] as const
    ) {
      assert.deepEqual(itemsOf(type, text, cuts), itemsOf(type, text));
    }
  }));
});

Deno.test("StreamReader takes no item without an end", () => {
  const reader = new StreamReader("application/jsonl");
  const piece = new Uint8Array(1 << 20).fill(0x61);
  assert.throws(() => {
    for (let sent = 0; sent < 20; sent++) reader.push(piece);
  }, RangeError);
});

Deno.test("StreamReader ends a line with its CR, and counts no LF behind it as another", () => {
  const utf8 = new TextEncoder();
  const reader = new StreamReader("text/event-stream");
  const texts = (chunk: string) => reader.push(utf8.encode(chunk)).map(({ text }) => text);
  assert.deepEqual(texts("data: a\r\r"), ["a"], "before anything else comes");
  assert.deepEqual(texts("data: b\r"), []);
  assert.deepEqual(texts("\n"), []);
  assert.deepEqual(texts("data: c\r"), []);
  assert.deepEqual(texts("\n\r"), ["b\nc"]);
  assert.deepEqual(texts("\ndata: d\n\n"), ["d"]);
});
