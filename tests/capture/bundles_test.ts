/** Folders, several files and plain exchanges: what becomes one recording, and what stays several. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { exchangesOf } from "../../lib/capture/capture_format.ts";
import { findSources } from "../../lib/capture/find_sources.ts";
import { readBundle } from "../../lib/capture/sources/bundle.ts";
import { readCaptureBytes } from "../support/read_capture.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { bytesOf, entry, harOf, linesOf, textOf } from "./har_builder.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function sourcesOf(files: Readonly<Record<string, unknown>>, ...named: string[]) {
  return await withTempFolder(async (root) => {
    for (const [name, content] of Object.entries(files)) {
      const path = join(root, name);
      await Deno.mkdir(dirname(path), { recursive: true });
      await Deno.writeTextFile(
        path,
        typeof content === "string" ? content : JSON.stringify(content),
      );
    }
    const paths = named.map((name) => name === "-" ? name : join(root, name));
    return findSources(paths, bytes("curl https://a.example/stdin"))
      .map((source) => ({ file: source.file, ...exchangesOf(source.scan()) }));
  });
}

const one = (path: string, more = {}) => ({
  request: { method: "GET", url: `https://a.example${path}` },
  ...more,
});
const paths = ({ exchanges }: { exchanges: readonly { request: { url: string } }[] }) =>
  exchanges.map(({ request }) => new URL(request.url).pathname);

Deno.test("a folder of exchanges is one recording, with the bodies that stand beside them", async () => {
  const trace = (n: number, more = {}) => ({
    id: `t_${n}`,
    timestamp: 1_767_225_600_000 + 1000 * n,
    request: {
      method: "POST",
      url: `https://a.example/${n}`,
      headers: [{ name: "Cookie", value: "a=1" }],
      body_file: `t_${n}_request.bin`,
      body_size: 3,
    },
    response: { status: 200, headers: [], body_file: null, body_size: 0 },
    ...more,
  });
  const [folder, ...others] = await sourcesOf({
    "sitting/manifest.json": { format_version: "1.0.0", app: { name: "a" } },
    "sitting/timeline.json": [{ type: "trace", ref: "t_1" }],
    "sitting/traces/t_1.json": trace(9),
    "sitting/traces/t_1_request.bin": "n=1",
    "sitting/traces/t_9_request.bin": "n=9",
    "sitting/traces/t_2.json": trace(2),
    "sitting/contexts/c_1.json": { action: "click" },
  }, "sitting");
  assert.deepEqual(others, []);
  assert.deepEqual([folder!.file, folder!.creator, folder!.lacks], [
    "sitting",
    "bundle of exchanges",
    [],
  ]);
  assert.deepEqual(paths(folder!), ["/2", "/9"]);
  assert.deepEqual(folder!.exchanges.map(({ request }) => textOf(request.body)), [null, "n=9"]);
  assert.equal(textOf(folder!.exchanges[0]!.response!.body), "");
});

Deno.test("an unpacked trace of Playwright is read like its zip", async () => {
  const snapshot = {
    startedDateTime: "2026-01-01T00:00:00Z",
    request: { method: "GET", url: "https://a.example/p", headers: [] },
    response: { status: 200, headers: [], content: { _sha1: "ab.html" } },
  };
  const [trace] = await sourcesOf({
    "trace/0-trace.network": `${JSON.stringify({ type: "resource-snapshot", snapshot })}\n`,
    "trace/0-trace.trace": "{}",
    "trace/resources/ab.html": "<p>",
  }, "trace");
  assert.equal(trace!.creator, "Playwright trace");
  assert.equal(textOf(trace!.exchanges[0]!.response!.body), "<p>");
});

Deno.test("single requests given together are one recording, recordings are one each", async () => {
  const found = await sourcesOf(
    {
      "10.json": one("/10"),
      "9.json": one("/9"),
      "login.sh": "curl https://a.example/login",
      "shop.har": harOf([entry()]),
      "more/b.har": harOf([entry(), entry()]),
      "more/notes.json": one("/notes"),
      "numbered/10.json": one("/n10"),
      "numbered/9.json": one("/n9"),
    },
    "login.sh",
    "shop.har",
    "9.json",
    "10.json",
    "more",
    "numbered",
    "-",
  );
  assert.deepEqual(found.map((source) => [source.file, paths(source)]), [
    ["login.sh and 3 more", ["/login", "/9", "/10", "/stdin"]],
    ["shop.har", ["/"]],
    ["b.har", ["/", "/"]],
    ["numbered", ["/n9", "/n10"]],
  ]);
  assert.ok(found[0]!.lacks.includes("answers"));
});

Deno.test("exchanges are read however their tool spells headers, bodies and times", () => {
  const shapes = [
    {
      timestamp: 1_767_225_600,
      request: {
        method: "POST",
        url: "https://a.example/1",
        headers: { "Content-Type": "application/json", "X-A": "1" },
        body: { pin: 4711 },
      },
      response: { statusCode: 201, headers: { "Set-Cookie": "a=1" }, body: "done" },
    },
    {
      request: {
        method: "POST",
        url: "https://a.example/2",
        headers: [],
        bodyBase64: btoa("raw"),
        timestamp: "2026-01-01T00:00:01Z",
      },
      response: { status_code: 200, headers: [], body: btoa("in"), body_encoding: "base64" },
    },
  ];
  const texts = [
    JSON.stringify(shapes),
    shapes.map((shape) => JSON.stringify(shape)).join("\n"),
    JSON.stringify({ version: 2, exchanges: shapes }),
  ];
  for (const text of texts) {
    const { exchanges, lacks } = readCaptureBytes(bytes(text), "x");
    const [first, second] = exchanges;
    assert.deepEqual(linesOf(first!.request.headers), ["Content-Type: application/json", "X-A: 1"]);
    assert.equal(textOf(first!.request.body), '{"pin":4711}');
    assert.deepEqual([first!.response!.status, textOf(first!.response!.body)], [201, "done"]);
    assert.equal(first!.startedAtMs, 1_767_225_600_000);
    assert.deepEqual([textOf(second!.request.body), textOf(second!.response!.body)], ["raw", "in"]);
    assert.equal(second!.startedAtMs, 1_767_225_601_000);
    assert.deepEqual(lacks, []);
  }
});

Deno.test("Burp's items may hold the tags of items, chunks, and what is not base64", () => {
  const answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/xml\r\n\r\n" +
    "d\r\n<item></item>\r\n3;x=1\r\nabc\r\n0\r\n\r\n";
  const item = (request: string, response: string) =>
    `<item><time>Fri Jan 02 03:04:05 UTC 2026</time><url><![CDATA[https://a.example/x]]></url>
<host ip="10.0.0.1">a.example</host><method><![CDATA[GET]]></method>${request}
<status>200</status>${response}<comment></comment></item>`;
  const { exchanges, lacks } = readCaptureBytes(
    bytes(`<?xml version="1.1"?>\n<items burpVersion="2026.1">${
      item(
        '<request base64="false"><![CDATA[GET /x HTTP/2\nHost: a.example\nCookie: s=1\n\n]]></request>',
        `<response base64="false"><![CDATA[${answer}]]></response>`,
      )
    }${item('<request base64="true"><![CDATA[%%%]]></request>', "<response></response>")}</items>`),
    "x",
  );
  assert.equal(exchanges.length, 2);
  assert.equal(textOf(exchanges[0]!.response!.body), "<item></item>abc");
  assert.deepEqual(linesOf(exchanges[0]!.request.headers), ["Host: a.example", "Cookie: s=1"]);
  assert.deepEqual([exchanges[1]!.request.method, exchanges[1]!.response], ["GET", null]);
  assert.match(lacks.join(), /fractions of seconds/);
});

Deno.test("stdin takes each kind of source", () => {
  const sources: [text: string, creator: RegExp][] = [
    [JSON.stringify(harOf([entry()])), /^Test 1/],
    ["curl https://a.example/", /curl/],
    [`type: collection.insomnia.rest/5.0\ncollection:\n  - url: https://a.example/\n`, /Insomnia/],
    [JSON.stringify({ info: {}, item: [{ request: "https://a.example/" }] }), /Postman/],
    [
      JSON.stringify([{
        scheme: "https",
        host: "a.example",
        path: "/",
        method: "GET",
        request: {},
      }]),
      /Charles/,
    ],
    [JSON.stringify(one("/")), /exchanges/],
  ];
  for (const [text, creator] of sources) {
    const [source] = findSources(["-"], bytes(text));
    const { exchanges, ...summary } = exchangesOf(source!.scan());
    assert.match(summary.creator, creator);
    assert.deepEqual(
      exchanges.map(({ request }) => request.url),
      text.includes("Test") ? ["https://garden.example/"] : ["https://a.example/"],
    );
  }
  assert.throws(() => exchangesOf(findSources(["-"], bytesOf({ nothing: 1 }))[0]!.scan()), {
    code: "BAD_INPUT",
    message: /^Cannot read capture "stdin"/,
  });
});

Deno.test("headers of exchanges are read as lists, pairs, lines or values by name", () => {
  const wanted = ["X-A: 1", "X-B: 2", "X-B: 3"];
  const spelled: unknown[] = [
    [{ name: "X-A", value: "1" }, { name: "X-B", value: "2" }, { name: "X-B", value: "3" }],
    [["X-A", "1"], ["X-B", "2"], ["X-B", "3"]],
    ["X-A: 1", "X-B: 2", "X-B:3"],
    "X-A: 1\r\nX-B: 2\r\nX-B: 3",
    { "X-A": "1", "X-B": ["2", "3"] },
  ];
  for (const headers of spelled) {
    const url = "https://a.example/";
    const exchange = { request: { url, headers }, response: { status: 200, headers } };
    const { exchanges: [read] } = readCaptureBytes(bytes(JSON.stringify([exchange])), "x");
    assert.deepEqual(linesOf(read!.request.headers), wanted);
    assert.deepEqual(linesOf(read!.response!.headers), wanted);
  }
});

Deno.test("a bundle lacks what its exchanges do together, answers or bodies of some of them too", async () => {
  const answered = (more: object) => one("/a", { response: { status: 200, ...more } });
  const lacksOf = async (...exchanges: unknown[]) => {
    const files = Object.fromEntries(exchanges.map((each, at) => [`x/${at}.json`, each]));
    return (await sourcesOf(files, "x"))[0]!.lacks.filter((what) => !what.startsWith("times"));
  };
  const redirect = one("/r", { response: { status: 303, body_size: 0 } });
  assert.deepEqual(await lacksOf(answered({ body: "1" }), redirect), []);
  assert.deepEqual(await lacksOf(answered({}), redirect), ["bodies of answers"]);
  assert.deepEqual(await lacksOf(answered({}), answered({ body: "1" }), one("/n")), [
    "answers of 1 of 3 requests",
    "bodies of 1 of 2 answers",
  ]);
});

Deno.test("curl's files are read where they stand beside the command lines in a folder", async () => {
  const [found] = await sourcesOf({
    "login/run.sh":
      "curl -d @pin.txt https://a.example/in\ncurl --json @./q.json https://a.example/q",
    "login/pin.txt": "pin=47\n11",
    "login/q.json": '{"q":1}',
  }, "login");
  const bodies = found!.exchanges.map(({ request }) => textOf(request.body));
  assert.ok(bodies.includes('{"q":1}'), bodies.join());
  assert.ok(!found!.lacks.includes("bodies that stand in files"));
});

Deno.test("a recording that gzip packed is read inside of a zip", () => {
  const packed = new Uint8Array(gzipSync(bytesOf(harOf([entry()]))));
  const { entries } = readBundle([{ name: "a.har.gz", read: () => packed }], "zip");
  assert.equal(entries.length, 1);
});
