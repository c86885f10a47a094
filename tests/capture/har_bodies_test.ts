import assert from "node:assert/strict";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { harHeaders, linesOf, readOne, textOf } from "./har_builder.ts";

const FORM = "application/x-www-form-urlencoded";

function requestBody(postData: unknown, request: Record<string, unknown> = {}): string | null {
  return textOf(readOne({ request: { method: "POST", postData, ...request } }).request.body);
}

function params(...pairs: readonly (readonly [string, string])[]) {
  return pairs.map(([name, value]) => ({ name, value }));
}

Deno.test("readHar() takes postData.text as it is and adds the content type it names", () => {
  const { request } = readOne({
    request: { postData: { mimeType: "application/json", text: '{"a":"ü"}' } },
  });
  assert.equal(textOf(request.body), '{"a":"ü"}');
  assert.deepEqual(linesOf(request.headers), ["Content-Type: application/json"]);
  assert.equal(requestBody(undefined), null);
  assert.equal(requestBody({ mimeType: "", text: "" }), null);
  assert.deepEqual(
    readOne({ request: { postData: { mimeType: "a/b", text: "AP8=", encoding: "base64" } } })
      .request.body,
    Uint8Array.of(0, 255),
  );
});

Deno.test("readHar() rebuilds form text from parameters, decoded or as they were sent", () => {
  const decoded = params(["user", "a.b@x.example"], ["password", "a+b &c%d"], ["note", ""]);
  const sent = params(["user", "a.b%40x.example"], ["password", "a%2Bb+%26c%25d"], ["note", ""]);
  const text = "user=a.b%40x.example&password=a%2Bb+%26c%25d&note=";
  for (const list of [decoded, sent]) {
    assert.equal(requestBody({ mimeType: FORM, params: list }), text);
  }
  const plain = params(["user", "hedda"], ["pin", "4711"]);
  assert.equal(requestBody({ mimeType: FORM, params: plain }), "user=hedda&pin=4711");
});

Deno.test("readHar() tells by the recorded size whether parameters were sent as they stand", () => {
  const list = params(["password", "100%25"]);
  const asSent = "password=100%25";
  const encoded = "password=100%2525";
  assert.equal(requestBody({ mimeType: FORM, params: list }, { bodySize: asSent.length }), asSent);
  assert.equal(
    requestBody({ mimeType: FORM, params: list }, { bodySize: encoded.length }),
    encoded,
  );
  assert.equal(
    requestBody({ mimeType: FORM, params: list }, {
      headers: harHeaders(`Content-Length: ${encoded.length}`),
    }),
    encoded,
  );
});

Deno.test("readHar() gives multipart text a boundary when the recorder kept none", () => {
  const { request } = readOne({
    request: {
      postData: { mimeType: "multipart/form-data", params: params(['a"b', "1"]) },
    },
  });
  assert.deepEqual(linesOf(request.headers), [
    "Content-Type: multipart/form-data; boundary=keysmith-boundary",
  ]);
  assert.equal(
    textOf(request.body),
    '--keysmith-boundary\r\nContent-Disposition: form-data; name="a%22b"\r\n\r\n1\r\n' +
      "--keysmith-boundary--\r\n",
  );
});

Deno.test("readHar() tells an empty body from one that was not kept", () => {
  const bodyFor = (response: Record<string, unknown>) => readOne({ response }).response!.body;
  const empty = new Uint8Array(0);
  assert.deepEqual(bodyFor({ content: { size: 0 } }), empty);
  assert.deepEqual(bodyFor({ status: 204, content: { size: -1 } }), empty);
  assert.deepEqual(bodyFor({ status: 304, content: {} }), empty);
  assert.equal(bodyFor({ content: { size: 12 } }), null);
  assert.equal(bodyFor({ content: { size: 12, text: "" } }), null);
  assert.equal(bodyFor({ content: { size: -1 } }), null);
  assert.equal(bodyFor({ content: undefined }), null);
});

Deno.test("readHar() decodes base64 in both alphabets, padded or not, over several lines", () => {
  for (const text of ["+/+/", "-_-_", "+/\r\n+/\n"]) {
    const response = { content: { text, encoding: "BASE64", size: 3 } };
    assert.deepEqual(readOne({ response }).response!.body, Uint8Array.of(251, 255, 191));
  }
  const response = { content: { text: "YQ", encoding: "base64", size: 1 } };
  assert.equal(textOf(readOne({ response }).response!.body), "a");
});

Deno.test("readHar() undoes content codings that a recorder left in the body", () => {
  const text = "Quince and medlar ".repeat(50);
  const codings: [string, Uint8Array][] = [
    ["gzip", gzipSync(text)],
    ["x-gzip", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["br", brotliCompressSync(text)],
    ["zstd", zstdCompressSync(text)],
    ["gzip, br", brotliCompressSync(gzipSync(text))],
    ["gzip", new TextEncoder().encode(text)],
    ["br", new TextEncoder().encode(text)],
    ["identity", new TextEncoder().encode(text)],
  ];
  for (const [coding, raw] of codings) {
    const { response } = readOne({
      response: {
        headers: harHeaders(`Content-Encoding: ${coding}`, `Content-Length: ${raw.length}`),
        content: { text: new Uint8Array(raw).toBase64(), encoding: "base64", size: text.length },
      },
    });
    assert.equal(textOf(response!.body), text, coding);
    const left = linesOf(response!.headers);
    assert.ok(!left.some((line) => line.startsWith("Content-Encoding")), coding);
    assert.deepEqual(left, raw.length === text.length ? [`Content-Length: ${text.length}`] : []);
  }
});

Deno.test("readHar() keeps a damaged or endless compressed body as it is", () => {
  const bomb = gzipSync(new Uint8Array(65 * 1024 * 1024));
  for (const raw of [Uint8Array.of(0x1f, 0x8b, 1, 2, 3), new Uint8Array(bomb)]) {
    const { response } = readOne({
      response: {
        headers: harHeaders("Content-Encoding: gzip"),
        content: { text: raw.toBase64(), encoding: "base64", size: raw.length },
      },
    });
    assert.deepEqual(response!.body, raw);
  }
});

Deno.test("readHar() encodes text in its charset, and says UTF-8 where that cannot be", () => {
  const cases: [string, string, string, string][] = [
    ["iso-8859-1", "Gärten", "iso-8859-1", "text/html; charset=iso-8859-1"],
    ["windows-1251", "сад", "windows-1251", "text/html; charset=windows-1251"],
    ["ISO-8859-1", "中庭", "utf-8", "text/html; charset=utf-8"],
    ["shift_jis", "庭", "utf-8", "text/html; charset=utf-8"],
    ["nonsense", "ä", "utf-8", "text/html; charset=utf-8"],
    ["shift_jis", "plain", "shift_jis", "text/html; charset=shift_jis"],
    ["utf-8", "中庭", "utf-8", "text/html; charset=utf-8"],
  ];
  for (const [declared, text, actual, type] of cases) {
    const { response } = readOne({
      response: {
        headers: harHeaders(`Content-Type: text/html; charset=${declared}`),
        content: { text, size: 9 },
      },
    });
    assert.equal(new TextDecoder(actual).decode(response!.body!), text);
    assert.deepEqual(linesOf(response!.headers), [`Content-Type: ${type}`]);
  }
});
