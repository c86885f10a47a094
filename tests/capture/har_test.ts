import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { AppError } from "../../lib/base/error.ts";
import { readHar } from "../../lib/capture/har.ts";
import {
  bytesOf,
  entry,
  harHeaders,
  harOf,
  type Json,
  linesOf,
  readEntries,
  readOne,
} from "./har_builder.ts";

function urlsOf(bytes: Uint8Array): string[] {
  return readHar(bytes, "test.har").exchanges.map(({ request }) => request.url);
}

function utf16(text: string, bigEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), !bigEndian);
  return bytes;
}

Deno.test("readHar() reads UTF-8 and UTF-16, with and without a byte order mark", () => {
  const text = JSON.stringify(harOf([entry({ request: { url: "https://garden.example/ä" } })]));
  const cases: [string, Uint8Array][] = [
    ["UTF-8", new TextEncoder().encode(text)],
    ["UTF-8 with mark", new TextEncoder().encode(`\ufeff${text}`)],
    ["UTF-16LE with mark", utf16(`\ufeff${text}`, false)],
    ["UTF-16BE with mark", utf16(`\ufeff${text}`, true)],
    ["UTF-16LE", utf16(text, false)],
    ["UTF-16BE", utf16(text, true)],
  ];
  for (const [name, bytes] of cases) {
    assert.deepEqual(urlsOf(bytes), ["https://garden.example/%C3%A4"], name);
  }
});

Deno.test("readHar() finds log, creator and entries in any order among other members", () => {
  const text = `\n{ "note": ["]}", {"log": 1}], "log" : {"pages":[{"x":"\\"}"}],
    "entries":[ ${
    JSON.stringify(entry())
  } ] , "creator":{"name":"Late","version":"2"}} , "z": -1.5e3 }\n`;
  const reading = readHar(new TextEncoder().encode(text), "test.har");
  assert.equal(reading.creator, "Late 2");
  assert.equal(reading.exchanges.length, 1);
});

Deno.test("readHar() sorts by time and keeps the order of the file for equal times", () => {
  const at = (startedDateTime: string, path: string) =>
    entry({ startedDateTime, request: { url: `https://garden.example/${path}` } });
  const exchanges = readEntries(
    at("2026-03-01T09:00:02.000Z", "d"),
    at("2026-03-01T10:00:00+01:00", "a"),
    at("2026-03-01T09:00:00.000Z", "b"),
    at("2026-03-01T09:00:00.000900Z", "c"),
    at("2026-03-01T09:00:02.000Z", "e"),
  );
  assert.equal(exchanges.map(({ request }) => request.url.slice(-1)).join(""), "abcde");
});

Deno.test("readHar() makes URLs absolute and drops fragments", () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ url: "HTTPS://Garden.example:443/a b#c" }, "https://garden.example/a%20b"],
    [{ url: "https://garden.example/?q=%23#x?y" }, "https://garden.example/?q=%23"],
    [
      { url: "/a?b", headers: harHeaders(":authority: garden.example", ":scheme: http") },
      "http://garden.example/a?b",
    ],
    [
      { url: "/a", headers: harHeaders("Host: garden.example:8443") },
      "https://garden.example:8443/a",
    ],
  ];
  for (const [request, url] of cases) assert.equal(readOne({ request }).request.url, url);
});

Deno.test("readHar() skips what is not an HTTP exchange and says why", () => {
  const reading = readHar(
    bytesOf(harOf([
      entry({ request: { url: "ws://garden.example/" } }),
      entry({ request: { url: "wss://garden.example/" } }),
      entry({ response: { status: 101 } }),
      entry({ request: { url: "blob:https://garden.example/1-2" } }),
      entry({ request: { url: "chrome-extension://abc/x.js" } }),
      entry({ request: { url: "data:text/plain,hi" } }),
      entry({ request: { method: "CONNECT" } }),
      entry({ response: { status: 999 } }),
      entry(),
    ])),
    "test.har",
  );
  assert.equal(reading.exchanges.length, 1);
  assert.deepEqual(reading.skipped, [
    { entry: 1, reason: "WebSocket" },
    { entry: 2, reason: "WebSocket" },
    { entry: 3, reason: "WebSocket" },
    { entry: 4, reason: '"blob:" URL' },
    { entry: 5, reason: '"chrome-extension:" URL' },
    { entry: 6, reason: '"data:" URL' },
    { entry: 7, reason: "proxy tunnel" },
    { entry: 8, reason: "status 999 is none of HTTP" },
  ]);
});

Deno.test("readHar() takes status 0, -1 or none for a request without an answer", () => {
  for (const response of [null, { status: 0 }, { status: -1 }, { status: "0" }, { status: null }]) {
    assert.equal(readOne({ response }).response, null);
  }
});

Deno.test("readHar() gives methods in upper case and passes over header names that are none", () => {
  const { request } = readOne({
    request: { method: "post", headers: harHeaders("a b: 1", "ok: 2", ":path: /") },
  });
  assert.equal(request.method, "POST");
  assert.deepEqual(linesOf(request.headers), ["ok: 2"]);
});

Deno.test("readHar() refuses what is not a HAR at all, naming file and place", () => {
  const cases: [unknown, string, string | undefined][] = [
    [[], "it is not a JSON object", undefined],
    [{ entries: [] }, 'it is not a HAR: "log" is missing', "log"],
    [{ log: [] }, '"log" is not an object', "log"],
    [{ log: {} }, '"log.entries" is missing', "log.entries"],
    [{ log: { entries: {} } }, '"log.entries" is not a list', "log.entries"],
  ];
  for (const [har, problem, place] of cases) {
    assertRefused(bytesOf(har), problem, place);
  }
});

Deno.test("readHar() names the place in text that is not JSON, and archives as what they are", () => {
  const whole = JSON.stringify(harOf([entry(), entry()]));
  const encode = (text: string) => new TextEncoder().encode(text);
  const cut = "the file ends in the middle of the recording";
  assertRefused(encode(""), "it is not a JSON object", undefined);
  assertRefused(encode("<!doctype html>"), "it is not a JSON object", undefined);
  assertRefused(encode(whole.slice(0, -10)), cut, undefined);
  assertRefused(encode(whole.slice(0, whole.length / 2)), cut, undefined);
  assertRefused(
    encode('{"log" {}}'),
    "it is not JSON: unexpected character near byte 8",
    "byte 8",
  );
  assertRefused(
    encode(`${whole}}`),
    `it is not JSON: unexpected character near byte ${whole.length}`,
    `byte ${whole.length}`,
  );
  assertRefused(new Uint8Array(gzipSync(whole)), "it is a gzip archive", undefined);
  assertRefused(encode("PK\x03\x04rest"), "it is a zip archive", undefined);
});

function assertRefused(bytes: Uint8Array, problem: string, place: string | undefined): void {
  assert.throws(() => readHar(bytes, "x.har"), (error) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, "BAD_INPUT");
    assert.equal(error.message, `Cannot read capture "x.har": ${problem}`);
    assert.deepEqual(
      error.details,
      place === undefined ? { file: "x.har" } : { file: "x.har", place },
    );
    assert.ok(error.hint !== undefined);
    return true;
  });
}

Deno.test("readHar() reads user name and password of a URL as the Basic header that a browser sends", () => {
  const url = "https://ada:blue%3Abird%20%26%25@garden.example/beds/";
  const basic = `Authorization: Basic ${btoa("ada:blue:bird &%")}`;
  const cases: [string, Json, number, string[]][] = [
    ["header left out", { url }, 200, [basic]],
    ["name alone", { url: "https://ada@garden.example/beds/" }, 200, [
      `Authorization: Basic ${btoa("ada:")}`,
    ]],
    ["header recorded", { url, headers: harHeaders("authorization: Bearer t") }, 200, [
      "authorization: Bearer t",
    ]],
    ["challenged, so sent without", { url }, 401, []],
  ];
  for (const [name, request, status, headers] of cases) {
    const read = readOne({ request, response: { status } }).request;
    assert.equal(read.url, "https://garden.example/beds/", name);
    assert.deepEqual(linesOf(read.headers), headers, name);
  }
});
