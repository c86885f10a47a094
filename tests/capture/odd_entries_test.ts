/** Entries that recorders leave incomplete, and what becomes of them and of their neighbours. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type HarReading, readHar } from "../../lib/capture/har.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";
import { bytesOf, entry, harHeaders, harOf, type Json, linesOf, textOf } from "./har_builder.ts";

function read(...entries: readonly unknown[]): HarReading {
  return readHar(bytesOf(harOf(entries)), "odd.har");
}

function at(startedDateTime: unknown, path: string): Json {
  return { ...entry({ request: { url: `https://quay.example/${path}` } }), startedDateTime };
}

function pathsOf({ exchanges }: HarReading): string[] {
  return exchanges.map(({ request }) => new URL(request.url).pathname.slice(1));
}

Deno.test("readHar() skips an entry without which nothing was sent, and counts it", () => {
  const cases: [unknown, string][] = [
    [null, "not an object"],
    ["GET /", "not an object"],
    [[], "not an object"],
    [{ ...entry(), request: undefined }, "without a request"],
    [{ ...entry(), request: "GET" }, "without a request"],
    [entry({ request: { url: undefined } }), "without a URL"],
    [entry({ request: { url: null } }), "without a URL"],
    [entry({ request: { url: "" } }), "without a URL"],
    [entry({ request: { url: " " } }), "without a valid URL"],
    [entry({ request: { url: { href: "/" } } }), "without a URL"],
    [entry({ request: { url: "/only/a/path" } }), "without a valid URL"],
    [entry({ request: { method: "GET /" } }), "without an HTTP method"],
    [entry({ request: { method: null } }), "without an HTTP method"],
  ];
  for (const [odd, reason] of cases) {
    const reading = read(
      at("2026-03-01T09:00:00Z", "before"),
      odd,
      at("2026-03-01T09:00:01Z", "z"),
    );
    assert.deepEqual(pathsOf(reading), ["before", "z"], reason);
    assert.deepEqual(reading.skipped, [{ entry: 2, reason }]);
    assert.deepEqual(reading.repaired, []);
  }
});

Deno.test("readHar() skips one entry that is not JSON", () => {
  const text = JSON.stringify(harOf([entry(), entry({ request: { method: "PUT" } })]));
  const reading = readHar(new TextEncoder().encode(text.replace('"PUT"', "PUT")), "odd.har");
  assert.equal(reading.exchanges.length, 1);
  assert.deepEqual(reading.skipped, [{ entry: 2, reason: "not JSON" }]);
});

Deno.test("readHar() keeps an entry without a time where it stands in the file", () => {
  const unreadable = ["yesterday", 1e300, "1e300", "+999999-01-01T00:00:00Z"];
  for (const missing of [undefined, null, "", {}, ...unreadable]) {
    const said = unreadable.includes(missing as string)
      ? "with a time that cannot be read"
      : "without a time";
    const reading = read(
      at(missing, "a"),
      at("2026-03-01T09:00:05Z", "d"),
      at(missing, "e"),
      at("2026-03-01T09:00:00Z", "b"),
      at(missing, "c"),
      at(missing, "c2"),
    );
    assert.deepEqual(pathsOf(reading), ["b", "c", "c2", "a", "d", "e"]);
    assert.deepEqual(reading.skipped, []);
    assert.deepEqual(
      reading.repaired.filter(({ reason }) => reason === said).map(({ entry }) => entry),
      [1, 3, 5, 6],
    );
  }
});

Deno.test("readHar() takes a recording without any time in the order of the file", () => {
  assert.deepEqual(pathsOf(read(at(null, "b"), at(null, "a"), at(undefined, "c"))), [
    "b",
    "a",
    "c",
  ]);
});

Deno.test("readHar() takes every status below 100 for a request without an answer", () => {
  for (const status of [0, -1, -999, -324, "-999", null, "none"]) {
    const reading = read(entry({ response: { status } }));
    assert.equal(reading.exchanges[0]?.response, null, String(status));
  }
});

Deno.test("readHar() passes over members it cannot use and reads the rest of the entry", () => {
  const cases: [string, Json, Json, string[]][] = [
    ["headers as text", { headers: "Accept: */*" }, {}, ['malformed "request.headers"']],
    ["null lists", { headers: null, cookies: null, queryString: null }, { cookies: null }, []],
    ["a nameless header", {}, { headers: [{ value: "c" }] }, [
      'malformed "response.headers"',
    ]],
    ["a header that is text", { headers: ["Accept: */*"] }, {}, ['malformed "request.headers"']],
    ["body as a list", { postData: [] }, {}, ['malformed "request.postData"']],
    ["content null", {}, { content: null }, []],
    ["content as text", {}, { content: "hello" }, ['malformed "response.content"']],
    ["sizes as text", { bodySize: "12", headersSize: "x" }, { bodySize: "none" }, []],
  ];
  for (const [name, request, response, repaired] of cases) {
    const reading = read(entry({ request, response }));
    assert.equal(reading.exchanges.length, 1, name);
    assert.deepEqual(
      reading.repaired.map(({ reason }) => reason.replace(/\.name"$/, '"')),
      repaired,
      name,
    );
  }
});

Deno.test("readHar() reads headers kept as a dictionary, and text that only claims to be base64", () => {
  const [exchange] = read(entry({
    request: { headers: { Accept: "*/*", "X-Quay": "7" } },
    response: {
      content: { text: '{"berth": 7}', encoding: "base64", mimeType: "application/json" },
    },
  })).exchanges;
  assert.deepEqual(linesOf(exchange!.request.headers), ["Accept: */*", "X-Quay: 7"]);
  assert.equal(textOf(exchange!.response!.body), '{"berth": 7}');
});

/** Every place in a JSON value, as the keys that lead to it. */
function placesIn(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  const children = Array.isArray(value)
    ? value.flatMap((item, index) => placesIn(item, [...path, index]))
    : Object.entries(value).flatMap(([key, item]) => placesIn(item, [...path, key]));
  return [[...path], ...children];
}

function replaced(value: unknown, path: readonly (string | number)[], by: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return by;
  if (Array.isArray(value)) {
    return value.with(Number(first), replaced(value[Number(first)], rest, by));
  }
  const record = value as Json;
  return { ...record, [first]: replaced(record[first], rest, by) };
}

const LOGIN = {
  startedDateTime: "2026-03-01T09:00:02.000Z",
  time: 12.5,
  _initiator: { type: "script", stack: { callFrames: [{ url: "https://quay.example/app.js" }] } },
  request: {
    method: "POST",
    url: "https://quay.example/session",
    httpVersion: "HTTP/2",
    headers: harHeaders("Content-Type: application/x-www-form-urlencoded", "Accept: */*"),
    cookies: [{ name: "berth", value: "b7" }],
    queryString: [],
    postData: {
      mimeType: "application/x-www-form-urlencoded",
      params: [{ name: "u", value: "m" }],
    },
    headersSize: 120,
    bodySize: 3,
  },
  response: {
    status: 200,
    statusText: "OK",
    headers: harHeaders("Set-Cookie: sid=q1; Path=/"),
    cookies: [{ name: "sid", value: "q1", path: "/", expires: null, httpOnly: true }],
    content: { size: 2, mimeType: "application/json", text: "e30=", encoding: "base64" },
    redirectURL: "",
  },
  cache: {},
  timings: { send: 1, wait: 2, receive: 3 },
};

Deno.test("readHar() never refuses a recording for one member of one entry", () => {
  const change = fc.record({
    path: fc.constantFrom(...placesIn(LOGIN)),
    by: fc.oneof(
      fc.constantFrom(undefined, null, "", [], {}, 0, -999, true, "x", "NaN"),
      fc.jsonValue({ maxDepth: 2 }),
    ),
  });
  fc.assert(
    fc.property(change, ({ path, by }) => {
      const reading = read(
        at("2026-03-01T09:00:01Z", "before"),
        replaced(LOGIN, path, by),
        at("2026-03-01T09:00:03Z", "after"),
      );
      const paths = pathsOf(reading);
      assert.equal(paths.at(0) === "before" || paths.includes("before"), true);
      assert.ok(paths.includes("after"));
      assert.equal(reading.exchanges.length + reading.skipped.length, 3);
    }),
    { numRuns: fuzzRuns(400) },
  );
});
