/** What is imported besides HAR and flows. */
import assert from "node:assert/strict";
import { crc32, deflateRawSync } from "node:zlib";
import type { Exchange } from "../../lib/http/exchange.ts";
import { headerValue } from "../../lib/http/headers.ts";
import { readCaptureBytes } from "../support/read_capture.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (body: Uint8Array | null | undefined) =>
  body === null || body === undefined ? null : new TextDecoder().decode(body);

function read(source: string | Uint8Array) {
  const reading = readCaptureBytes(typeof source === "string" ? bytes(source) : source, "x");
  return { ...reading, all: reading.exchanges };
}

function asked({ request }: Exchange): unknown[] {
  const { method, url, headers, body } = request;
  const cookie = headerValue(headers, "cookie");
  return [method, url, cookie ?? null, headerValue(headers, "content-type") ?? null, text(body)];
}

const LOGIN = [
  "POST",
  "https://a.example/in?x=1&y=2",
  'sid=a"b; t=1',
  "application/json",
  `{"u":"o'neil","p":"50% $x"}`,
];

Deno.test("a copied curl command reads the same in bash, cmd and PowerShell", () => {
  const bash = `curl 'https://a.example/in?x=1&y=2' \\
  -H 'content-type: application/json' \\
  -b 'sid=a"b; t=1' \\
  --data-raw $'{"u":"o\\'neil","p":"50% \\u0024x"}' ;
curl 'https://a.example/next'`;
  const cmd = [
    'curl ^"https://a.example/in?x=1^&y=2^" ^',
    '  -H ^"content-type: application/json^" ^',
    '  -b ^"sid=a^\\^"b; t=1^" ^',
    `  --data-raw ^"^{^\\^"u^\\^":^\\^"o'neil^\\^",^\\^"p^\\^":^\\^"50^% ^$x^\\^"^}^" &`,
    'curl ^"https://a.example/next^"',
  ].join("\r\n");
  const powershell = `$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession
$session.UserAgent = "Mozilla/5.0"
$session.Cookies.Add((New-Object System.Net.Cookie("sid", "a\`"b", "/", "a.example")))
$session.Cookies.Add((New-Object System.Net.Cookie("t", "1", "/", "a.example")))
Invoke-WebRequest -UseBasicParsing -Uri "https://a.example/in?x=1&y=2" \`
-Method "POST" \`
-WebSession $session \`
-Headers @{
"authority"="a.example"
  "accept"="*/*"
} \`
-ContentType "application/json" \`
-Body "{\`"u\`":\`"o'neil\`",\`"p\`":\`"50% \`$x\`"}";
Invoke-WebRequest -UseBasicParsing -Uri "https://a.example/next"`;
  for (const source of [bash, cmd, powershell]) {
    const { all, lacks } = read(source);
    assert.deepEqual(asked(all[0]!), LOGIN, source);
    assert.equal(all[1]!.request.url, "https://a.example/next");
    assert.equal(all[0]!.response, null);
    assert.ok(all[0]!.startedAtMs < all[1]!.startedAtMs);
    assert.ok(lacks.includes("answers"));
  }
});

Deno.test("curl's own options say what is sent", () => {
  const { all } = read(
    `curl -sSL -u ada:pin -XPUT --json '{"a":1}' https://a.example/put
curl -G -d a=1 --data-urlencode 'b=x y' https://a.example/get
curl -F name=ada https://a.example/form -o out.txt
curl --request=DELETE --url=https://a.example/gone -A agent`,
  );
  const [put, get, form, gone] = all;
  assert.equal(headerValue(put!.request.headers, "authorization"), `Basic ${btoa("ada:pin")}`);
  assert.deepEqual(asked(put!).slice(0, 2), ["PUT", "https://a.example/put"]);
  assert.deepEqual(asked(get!).slice(0, 2), ["GET", "https://a.example/get?a=1&b=x+y"]);
  assert.match(text(form!.request.body)!, /name="name"\r\n\r\nada\r\n/);
  assert.deepEqual(asked(gone!).slice(0, 2), ["DELETE", "https://a.example/gone"]);
});

Deno.test("a Postman collection gives its requests, folders and examples of answers", () => {
  const collection = {
    info: { name: "shop" },
    item: [{
      name: "folder",
      item: [{
        request: {
          method: "POST",
          url: { raw: "https://a.example/in" },
          header: [{ key: "X-A", value: "1" }, { key: "X-B", value: "2", disabled: true }],
          body: { mode: "urlencoded", urlencoded: [{ key: "u", value: "a b" }] },
        },
        response: [{
          code: 201,
          header: [{ key: "Content-Type", value: "text/plain" }],
          body: "k",
        }],
      }],
    }, { request: "https://a.example/bare" }],
  };
  const { all, lacks, creator } = read(JSON.stringify(collection));
  assert.equal(creator, "Postman collection");
  assert.deepEqual(all.map(({ request }) => request.url), [
    "https://a.example/in",
    "https://a.example/bare",
  ]);
  assert.equal(text(all[0]!.request.body), "u=a+b");
  assert.equal(headerValue(all[0]!.request.headers, "x-b"), undefined);
  assert.deepEqual([all[0]!.response!.status, text(all[0]!.response!.body)], [201, "k"]);
  assert.ok(lacks.includes("the order of requests") && !lacks.includes("answers"));
});

Deno.test("Insomnia, Charles and plain exchanges are told apart", () => {
  const insomnia = read(JSON.stringify({
    __export_format: 4,
    resources: [{ _type: "workspace" }, {
      _type: "request",
      method: "POST",
      url: "https://a.example/in",
      parameters: [{ name: "q", value: "1 2" }],
      headers: [],
      body: { mimeType: "application/json", text: "{}" },
    }],
  }));
  assert.deepEqual(asked(insomnia.all[0]!), [
    "POST",
    "https://a.example/in?q=1%202",
    null,
    "application/json",
    "{}",
  ]);
  assert.ok(insomnia.lacks.includes("answers"));
  const charles = read(JSON.stringify([{
    scheme: "https",
    host: "a.example",
    actualPort: 8443,
    path: "/in",
    query: "a=1",
    method: "POST",
    times: { start: "2026-01-02T03:04:05.678Z" },
    request: { header: { headers: [{ name: "Cookie", value: "c=1" }] }, body: { text: "x=1" } },
    response: { status: 200, header: { headers: [] }, body: { encoded: btoa("\x00\x01") } },
  }]));
  assert.deepEqual(asked(charles.all[0]!), [
    "POST",
    "https://a.example:8443/in?a=1",
    "c=1",
    null,
    "x=1",
  ]);
  assert.deepEqual([...charles.all[0]!.response!.body!], [0, 1]);
  assert.equal(charles.all[0]!.startedAtMs, Date.parse("2026-01-02T03:04:05.678Z"));
  assert.deepEqual(charles.lacks, []);
  const plain = read(JSON.stringify([{ request: { method: "GET", url: "https://a.example/p" } }]));
  assert.equal(plain.all[0]!.request.url, "https://a.example/p");
  const never = read(
    JSON.stringify([{ request: { url: "https://a.example/p" }, timestamp: 1e300 }]),
  );
  assert.equal(never.all.length, 1, "a time that no date holds does not end the import");
});

Deno.test("Burp's items hold the messages as they travelled", () => {
  const request = "POST /in HTTP/1.1\r\nHost: a.example\r\nCookie: s=1\r\n\r\nu=ä";
  const response = "HTTP/1.1 302 Found\r\nSet-Cookie: s=2\r\nSet-Cookie: t=3\r\n\r\n";
  const { all, creator } = read(`<?xml version="1.0"?>
<items burpVersion="2026.1" exportTime="now"><item><time>Fri Jan 02 03:04:05 CET 2026</time>
<url><![CDATA[https://a.example/in]]></url><method>POST</method>
<request base64="true"><![CDATA[${bytes(request).toBase64()}]]></request>
<response base64="false"><![CDATA[${response}]]></response></item></items>`);
  assert.equal(creator, "Burp 2026.1");
  assert.deepEqual(asked(all[0]!), ["POST", "https://a.example/in", "s=1", null, "u=ä"]);
  assert.deepEqual(
    all[0]!.response!.headers.map(([, value]) => value),
    ["s=2", "t=3"],
  );
});

Deno.test("a Playwright trace gives back the bodies that stand in files of their own", () => {
  const event = (path: string, start: string) =>
    JSON.stringify({
      type: "resource-snapshot",
      snapshot: {
        startedDateTime: start,
        request: {
          method: "POST",
          url: `https://a.example${path}`,
          headers: [{ name: "Content-Type", value: "text/plain" }],
          postData: { mimeType: "text/plain", _sha1: "aa.txt" },
        },
        response: { status: 200, headers: [], content: { size: 2, _sha1: "bb.json" } },
      },
    });
  const zip = zipOf({
    "trace.trace": "{}",
    "trace.network": `${event("/2", "2026-01-01T00:00:02.000Z")}\n{"type":"other"}\n${
      event("/1", "2026-01-01T00:00:01.000Z")
    }\n`,
    "resources/aa.txt": "sent",
    "resources/bb.json": "{}",
  });
  const { all } = read(zip);
  assert.deepEqual(all.map(({ request }) => new URL(request.url).pathname), ["/1", "/2"]);
  assert.deepEqual([text(all[0]!.request.body), text(all[0]!.response!.body)], ["sent", "{}"]);
});

Deno.test("a zip of exchanges is read, and one of anything else is named", () => {
  const one = JSON.stringify({ request: { method: "GET", url: "https://a.example/one" } });
  const { all } = read(zipOf({ "traces/2.json": one.replace("one", "two"), "traces/1.json": one }));
  assert.deepEqual(all.map(({ request }) => request.url.slice(-3)), ["one", "two"]);
  const cases: [Uint8Array, RegExp][] = [
    [zipOf({ "readme.md": "#" }), /neither a Playwright trace nor exchanges/],
    [zipOf({ "1.json": one }).subarray(0, 40), /a zip that ends too early/],
  ];
  for (const [bad, problem] of cases) {
    assert.throws(() => read(bad), { code: "BAD_INPUT", message: problem });
  }
});

/** A zip with deflated files (APPNOTE 4.3). */
function zipOf(files: Readonly<Record<string, string>>): Uint8Array {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(bytes(content));
    const common = numbers(
      [20, 2],
      [0, 2],
      [8, 2],
      [0, 4],
      [crc32(bytes(content)), 4],
      [
        packed.length,
        4,
      ],
      [content.length, 4],
      [name.length, 2],
      [0, 2],
    );
    const local = join(numbers([0x04034b50, 4]), common, bytes(name), packed);
    directory.push(
      join(
        numbers([0x02014b50, 4], [20, 2]),
        common,
        numbers([0, 2], [0, 2], [0, 2], [0, 4], [
          offset,
          4,
        ]),
        bytes(name),
      ),
    );
    locals.push(local);
    offset += local.length;
  }
  const central = join(...directory);
  const count = directory.length;
  return join(
    ...locals,
    central,
    numbers([0x06054b50, 4], [0, 4], [count, 2], [count, 2], [central.length, 4], [offset, 4], [
      0,
      2,
    ]),
  );
}

function numbers(...list: [value: number, size: number][]): Uint8Array {
  return join(
    ...list.map(([value, size]) =>
      Uint8Array.from({ length: size }, (_, at) => Math.floor(value / 256 ** at) % 256)
    ),
  );
}

function join(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}
