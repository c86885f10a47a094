/**
 * Random input for the HAR reader: whatever comes in, what comes out is a reading or `BAD_INPUT` naming
 * the file. `KEYSMITH_FUZZ_RUNS` sets the number of cases per property.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { AppError } from "../../lib/base/error.ts";
import { type HarReading, readHar } from "../../lib/capture/har.ts";
import { authMarks } from "../../lib/capture/marks.ts";
import { noiseReason } from "../../lib/capture/noise.ts";
import { secretValues } from "../../lib/capture/secret_values.ts";
import { bytesOf, harOf } from "./har_builder.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";

const RUNS = { numRuns: fuzzRuns(200) };

/** `null` when the reader refuses the bytes as it should. */
function read(bytes: Uint8Array): HarReading | null {
  let reading: HarReading;
  try {
    reading = readHar(bytes, "fuzz.har");
  } catch (error) {
    assert.ok(error instanceof AppError, `${error}`);
    assert.equal(error.code, "BAD_INPUT");
    assert.equal(error.details["file"], "fuzz.har");
    return null;
  }
  for (const exchange of reading.exchanges) {
    authMarks(exchange);
    noiseReason(exchange);
    secretValues(exchange);
    assert.ok(URL.canParse(exchange.request.url));
    assert.match(exchange.request.method, /^[^a-z\s]+$/);
    const status = exchange.response?.status ?? 200;
    assert.ok(status >= 100 && status <= 599);
  }
  return reading;
}

const anyJson = fc.jsonValue({ maxDepth: 3 });
const headerName = fc.constantFrom(
  "Cookie",
  "set-cookie",
  "Content-Type",
  "content-encoding",
  "Content-Length",
  ":authority",
  "Authorization",
  "x",
  "",
  "a b",
);
const headerValue = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "application/json",
    "multipart/form-data; boundary=b",
    "application/x-www-form-urlencoded",
    "text/html; charset=shift_jis",
    "gzip",
    "br",
    "a=1\nb=2",
    "a=1, b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT",
  ),
);
const headers = fc.array(fc.record({ name: headerName, value: headerValue }), { maxLength: 4 });
const nearly = <T>(good: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: good as fc.Arbitrary<unknown> }, {
    weight: 1,
    arbitrary: anyJson,
  });
const pairs = fc.array(
  fc.record({ name: nearly(fc.string()), value: nearly(fc.string()) }),
  { maxLength: 3 },
);

/** Entries that are nearly right: each part may be replaced by any JSON value. */
const anyEntry = fc.record({
  startedDateTime: nearly(
    fc.constantFrom("2026-03-01T09:00:00.000Z", "2026-03-01T09:00:00.000123+01:00", "soon"),
  ),
  request: nearly(fc.record({
    method: nearly(fc.constantFrom("GET", "post", "CONNECT", "P T")),
    url: nearly(fc.oneof(
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.constantFrom(
        "wss://x.example/",
        "data:,x",
        "/relative",
        "http://",
        "https://x:y@z.example",
      ),
    )),
    headers: nearly(headers),
    cookies: nearly(pairs),
    bodySize: nearly(fc.integer()),
    postData: nearly(fc.record({
      mimeType: nearly(headerValue),
      text: nearly(fc.oneof(fc.string(), fc.json())),
      params: nearly(pairs),
      encoding: nearly(fc.constantFrom("base64", "")),
    }, { requiredKeys: [] })),
  }, { requiredKeys: ["method", "url"] })),
  response: nearly(fc.record({
    status: nearly(fc.constantFrom(200, 302, 401, 0, -1, 101, 204, 999, "200")),
    headers: nearly(headers),
    cookies: nearly(pairs),
    redirectURL: nearly(fc.string()),
    content: nearly(fc.record({
      size: nearly(fc.integer()),
      mimeType: nearly(headerValue),
      text: nearly(fc.oneof(fc.string(), fc.json(), fc.base64String())),
      encoding: nearly(fc.constantFrom("base64", "")),
    }, { requiredKeys: [] })),
  }, { requiredKeys: [] })),
});

Deno.test("readHar() reads or refuses entries that are nearly right", () => {
  let reads = 0;
  fc.assert(
    fc.property(fc.array(nearly(anyEntry), { maxLength: 3 }), (entries) => {
      if (read(bytesOf(harOf(entries))) !== null) reads++;
    }),
    RUNS,
  );
  assert.ok(reads > RUNS.numRuns / 20, `only ${reads} cases got past the first field`);
});

Deno.test("readHar() reads or refuses any bytes and any JSON", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void read(bytes)), RUNS);
  fc.assert(fc.property(fc.json(), (text) => void read(new TextEncoder().encode(text))), RUNS);
  fc.assert(fc.property(anyJson, (value) => void read(bytesOf({ log: value }))), RUNS);
});

Deno.test("readHar() reads or refuses recordings with bytes changed, cut or repeated", () => {
  const folder = new URL("../../fixtures/har/", import.meta.url);
  const files = [...Deno.readDirSync(folder)].filter(({ name }) => name.endsWith(".har"))
    .map(({ name }) => Deno.readFileSync(new URL(name, folder)));
  const change = fc.record({
    file: fc.constantFrom(...files),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    byte: fc.integer({ min: 0, max: 255 }),
    how: fc.constantFrom("change", "cut", "repeat"),
  });
  fc.assert(
    fc.property(change, ({ file, at, byte, how }) => {
      const index = Math.floor(at * (file.length - 1));
      const bytes = how === "cut"
        ? file.slice(0, index)
        : how === "repeat"
        ? new Uint8Array([...file.slice(0, index), ...file.slice(index - 50)])
        : file.with(index, byte);
      read(bytes);
    }),
    RUNS,
  );
});
