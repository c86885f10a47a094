import assert from "node:assert/strict";
import { readEntry } from "../../lib/capture/har_entry.ts";
import { NetworkRecord } from "../../lib/browser/network_records.ts";

function exchanges(record: NetworkRecord, text: string) {
  return record.entries({ text, isBase64: false }).map((entry) => {
    const reading = readEntry(entry);
    assert.equal(reading.kind, "exchange");
    return (reading as Extract<typeof reading, { kind: "exchange" }>).exchange;
  });
}

const request = (url: string, headers = {}) => ({ url, method: "GET", headers });

Deno.test("NetworkRecord gives each redirect what really went over the wire", () => {
  const record = new NetworkRecord("1");
  // The wire's headers may be told before the request.
  record.sentExtra({ headers: { Cookie: "a=1" } });
  record.sent({ request: request("https://a.example/one"), wallTime: 1000.5 });
  record.receivedExtra({ headers: { "Set-Cookie": "b=2; Path=/\nc=3" }, statusCode: 302 });
  record.sent({
    request: request("https://a.example/two"),
    wallTime: 1000.75,
    redirectHasExtraInfo: true,
    redirectResponse: { status: 302, headers: { Location: "/two" } },
  });
  record.received({ response: { status: 200, headers: {} }, hasExtraInfo: true });
  assert.equal(record.isWhole, false);
  record.sentExtra({ headers: { Cookie: "a=1; b=2; c=3" } });
  record.receivedExtra({ headers: { "Content-Type": "text/plain" }, statusCode: 200 });
  assert.equal(record.isWhole, true);
  const [one, two] = exchanges(record, "done");
  assert.deepEqual(one!.request.headers, [["Cookie", "a=1"]]);
  assert.deepEqual(one!.response!.headers, [["Set-Cookie", "b=2; Path=/"], ["Set-Cookie", "c=3"]]);
  assert.equal(one!.startedAtMs, 1000500);
  assert.deepEqual(two!.request.headers, [["Cookie", "a=1; b=2; c=3"]]);
  assert.equal(new TextDecoder().decode(two!.response!.body!), "done");
});

Deno.test("NetworkRecord keeps the challenge that the network answered by itself", () => {
  const record = new NetworkRecord("1");
  record.sent({ request: request("https://a.example/"), wallTime: 1 });
  record.sentExtra({ headers: { Accept: "*/*" } });
  record.receivedExtra({ headers: { "WWW-Authenticate": "Basic" }, statusCode: 401 });
  record.sentExtra({ headers: { Accept: "*/*", Authorization: "Basic YTpi" } });
  record.receivedExtra({ headers: {}, statusCode: 200 });
  record.received({ response: { status: 200, headers: {} }, hasExtraInfo: true });
  assert.deepEqual(
    exchanges(record, "in").map(({ request, response }) => [
      response!.status,
      request.headers.some(([name]) => name === "Authorization"),
    ]),
    [[401, false], [200, true]],
  );
});

Deno.test("NetworkRecord takes status and headers of the cache for what a 304 revalidated", () => {
  const record = new NetworkRecord("1");
  record.sent({ request: request("https://a.example/"), wallTime: 1 });
  record.sentExtra({ headers: { "If-None-Match": "x" } });
  record.receivedExtra({ headers: { "Set-Cookie": "s=2" }, statusCode: 304 });
  record.received({
    response: { status: 200, headers: { "Content-Type": "text/html" } },
    hasExtraInfo: true,
  });
  const [exchange] = exchanges(record, "<p>");
  assert.equal(exchange!.response!.status, 200);
  assert.deepEqual(exchange!.response!.headers, [["Content-Type", "text/html"], [
    "Set-Cookie",
    "s=2",
  ]]);
});

Deno.test("NetworkRecord keeps bytes of a request that are no text", () => {
  const record = new NetworkRecord("1");
  const bytes = new Uint8Array([0, 255, 128]).toBase64();
  record.sent({
    request: { ...request("https://a.example/"), method: "POST", postDataEntries: [{ bytes }] },
    wallTime: 1,
  });
  assert.deepEqual([...exchanges(record, "")[0]!.request.body!], [0, 255, 128]);
});
