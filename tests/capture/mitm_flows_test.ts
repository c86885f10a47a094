import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { AppError } from "../../lib/base/error.ts";
import { readCapture } from "../support/read_capture.ts";
import { parseTnet, type TnetValue } from "../../lib/capture/tnetstring.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { linesOf, textOf } from "./har_builder.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";

const RUNS = { numRuns: fuzzRuns(200) };
const ascii = (text: string) => new TextEncoder().encode(text);
const latin1 = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);

interface Fields {
  readonly [name: string]: TnetLike;
}
type TnetLike = null | boolean | number | string | Uint8Array | readonly TnetLike[] | Fields;

/** Tagged netstrings as mitmproxy writes them, in Latin-1. */
function encode(value: TnetLike): string {
  const frame = (data: string, type: string) => `${data.length}:${data}${type}`;
  if (value === null) return frame("", "~");
  if (typeof value === "boolean") return frame(String(value), "!");
  if (typeof value === "number") return frame(String(value), Number.isInteger(value) ? "#" : "^");
  if (typeof value === "string") return frame(latin1(ascii(value)), ";");
  if (value instanceof Uint8Array) {
    return frame(Array.from(value, (b) => String.fromCharCode(b)).join(""), ",");
  }
  if (Array.isArray(value)) return frame(value.map(encode).join(""), "]");
  return frame(
    Object.entries(value).map(([key, child]) => encode(key) + encode(child)).join(""),
    "}",
  );
}

function bytesOf(...flows: TnetLike[]): Uint8Array {
  return Uint8Array.from(flows.map(encode).join(""), (character) => character.charCodeAt(0));
}

const headers = (...lines: string[]) =>
  lines.map((line) => line.split(": ").map((part) => ascii(part)));

function flow(extra: { request?: Fields; response?: Fields | null; more?: Fields } = {}): Fields {
  return {
    type: "http",
    version: 17,
    error: null,
    websocket: null,
    request: {
      http_version: ascii("HTTP/2.0"),
      headers: headers("cookie: a=1", "cookie: b=2"),
      content: ascii(""),
      trailers: null,
      timestamp_start: 1772355607.25,
      timestamp_end: 1772355607.5,
      host: "203.0.113.7",
      port: 443,
      method: ascii("GET"),
      scheme: ascii("https"),
      authority: ascii("garden.example"),
      path: ascii("/api/plants?x=1#y"),
      ...extra.request,
    },
    response: extra.response === null ? null : {
      http_version: ascii("HTTP/2.0"),
      headers: headers("content-type: text/plain", "set-cookie: a=1", "set-cookie: b=2"),
      content: ascii("Quince"),
      timestamp_start: 1772355607.5,
      status_code: 200,
      reason: ascii(""),
      ...extra.response,
    },
    ...extra.more,
  };
}

function nested(depth: number): TnetLike {
  return depth === 0 ? null : [nested(depth - 1)];
}

async function read(bytes: Uint8Array) {
  return await withTempFolder(async (root) => {
    const path = join(root, "x.flow");
    await Deno.writeFile(path, bytes);
    return readCapture(path);
  });
}

Deno.test("parseTnet() reads what mitmproxy writes", () => {
  const text = "77:1:l;11:8:1:a,1:b,]]1:i;1:3#1:f;3:1.5^1:t;4:true!1:n;0:~1:a;1:x,4:type;4:http;}";
  assert.deepEqual(
    parseTnet(ascii(text), "flow 1"),
    new Map<string, TnetValue>([
      ["l", [[ascii("a"), ascii("b")]]],
      ["i", 3],
      ["f", 1.5],
      ["t", true],
      ["n", null],
      ["a", ascii("x")],
      ["type", "http"],
    ]),
  );
});

Deno.test("readCapture() reads flow files of mitmproxy in time order", async () => {
  const text = "Medlar ".repeat(100);
  const bytes = bytesOf(
    flow({ request: { timestamp_start: 1772355609 }, response: null }),
    flow({
      response: {
        headers: headers("Content-Encoding: gzip", "Content-Length: 33"),
        content: new Uint8Array(gzipSync(text)),
      },
    }),
    flow({
      request: {
        timestamp_start: 1772355608,
        method: ascii("POST"),
        authority: ascii(""),
        headers: headers("Host: garden.example:8443"),
        content: ascii("pin=4711"),
      },
    }),
    flow({ more: { type: "tcp" } }),
    flow({ request: { method: ascii("CONNECT") } }),
    flow({ more: { websocket: { messages: [] } } }),
  );
  const { creator, exchanges, skipped, sanitised } = await read(bytes);
  assert.deepEqual([creator, sanitised], ["mitmproxy", false]);
  assert.deepEqual(skipped, [
    { entry: 4, reason: '"tcp" flow' },
    { entry: 5, reason: "proxy tunnel" },
    { entry: 6, reason: "WebSocket" },
  ]);
  const [plants, post, unanswered] = exchanges;
  assert.equal(plants!.startedAtMs, 1772355607250);
  assert.equal(plants!.request.url, "https://garden.example/api/plants?x=1");
  assert.equal(plants!.request.body, null);
  assert.deepEqual(linesOf(plants!.request.headers), ["cookie: a=1; b=2"]);
  assert.equal(textOf(plants!.response!.body), text);
  assert.deepEqual(plants!.response!.headers, []);
  assert.equal(post!.request.url, "https://garden.example:8443/api/plants?x=1");
  assert.equal(textOf(post!.request.body), "pin=4711");
  assert.deepEqual(linesOf(post!.response!.headers), [
    "content-type: text/plain",
    "set-cookie: a=1",
    "set-cookie: b=2",
  ]);
  assert.equal(unanswered!.response, null);
});

Deno.test("readCapture() refuses a flow file that is cut off or holds no flow", async () => {
  const nothing = "it holds no HTTP exchange; entries skipped: 1";
  const cases: [Uint8Array, string][] = [
    [bytesOf(flow({ more: { request: null } })), `${nothing} (without a request)`],
    [bytesOf(flow()).slice(0, -9), "the file ends in the middle of flow 1"],
    [ascii("12345 is not a length"), "it is not a flow file near flow 1"],
    [ascii("3:abc?"), `${nothing} (not a flow)`],
    [bytesOf(nested(40)), `${nothing} (not a flow)`],
  ];
  for (const [bytes, problem] of cases) {
    await assert.rejects(read(bytes), {
      code: "BAD_INPUT",
      message: `Cannot read capture "x.flow": ${problem}`,
    });
  }
});

Deno.test("readCapture() skips a malformed flow and reads the others", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "x.flow");
    const odd = flow({ request: { timestamp_start: "now" }, response: { status_code: 7 } });
    const never = flow({ request: { timestamp_start: 1e300 } });
    await Deno.writeFile(path, bytesOf(flow(), 7, odd, never));
    const reading = readCapture(path);
    assert.deepEqual(reading.skipped, [{ entry: 2, reason: "not a flow" }]);
    assert.deepEqual(reading.repaired, [
      { entry: 3, reason: "with a time that cannot be read" },
      { entry: 4, reason: "with a time that cannot be read" },
    ]);
    assert.equal(reading.exchanges[1]?.response, null);
  });
});

Deno.test("readCapture() reads or refuses flow files with a byte changed", async () => {
  const whole = bytesOf(flow(), flow({ response: null }));
  await withTempFolder((root) => {
    const path = join(root, "x.flow");
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        Deno.writeFileSync(path, whole.with(at, byte));
        try {
          readCapture(path);
        } catch (error) {
          assert.ok(error instanceof AppError && error.code === "BAD_INPUT", `${error}`);
        }
      }),
      RUNS,
    );
    return Promise.resolve();
  });
});
