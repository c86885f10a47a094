import assert from "node:assert/strict";
import type { JsonValue } from "../../lib/base/json.ts";
import { parseBody } from "../../lib/http/body.ts";
import type { HttpRequest } from "../../lib/http/exchange.ts";
import { headerValue } from "../../lib/http/headers.ts";
import { buildRequest } from "../../lib/openapi/build_request.ts";
import { catalogOf, operationOf, operationYaml } from "./documents.ts";

function send(members: string, body: JsonValue, contentType?: string): HttpRequest {
  const operation = operationOf(catalogOf(operationYaml(members)));
  return buildRequest(operation, { body }, { baseUrl: "https://a.example", contentType });
}

function textOf(request: HttpRequest): string {
  return new TextDecoder().decode(request.body ?? new Uint8Array());
}

function content(type: string, rest = "{}"): string {
  return `requestBody: { content: { "${type}": ${rest} } }`;
}

Deno.test("serializeBody() writes JSON, JSON lines and text", () => {
  const cases: [string, JsonValue, string][] = [
    ["application/json", { a: [1, null] }, '{"a":[1,null]}'],
    ["application/merge-patch+json; charset=utf-8", "x", '"x"'],
    ["application/x-ndjson", [{ a: 1 }, { a: 2 }], '{"a":1}\n{"a":2}\n'],
    ["application/json-seq", [1], "\x1e1\n"],
    ["application/xml", "<a/>", "<a/>"],
    ["text/plain", 5, "5"],
  ];
  for (const [type, value, expected] of cases) {
    const request = send(content(type), value);
    assert.equal(textOf(request), expected, type);
    assert.equal(headerValue(request.headers, "content-type"), type.split(";")[0]);
  }
});

Deno.test("serializeBody() writes forms by their encoding", () => {
  const cases: [string, JsonValue, string][] = [
    ["{}", { a: "x y&z", b: [1, 2], c: true }, "a=x+y%26z&b=1&b=2&c=true"],
    ["{}", { address: { city: "Köln" } }, "address=%7B%22city%22%3A%22K%C3%B6ln%22%7D"],
    [
      "{ encoding: { a: { style: deepObject, explode: true }, b: { explode: false } } }",
      { a: { x: { y: 1 } }, b: [1, 2] },
      "a%5Bx%5D%5By%5D=1&b=1,2",
    ],
    ["{ encoding: { a: { style: pipeDelimited } } }", { a: [1, 2] }, "a=1%7C2"],
    ["{ encoding: { a: { allowReserved: true } } }", { a: "1+1 =/2" }, "a=1%2B1+=/2"],
  ];
  for (const [rest, value, expected] of cases) {
    assert.equal(textOf(send(content("application/x-www-form-urlencoded", rest), value)), expected);
  }
});

Deno.test("serializeBody() writes multipart forms with files, JSON parts and repeated fields", () => {
  const request = send(
    content(
      "multipart/form-data",
      "{ encoding: { photo: { contentType: 'image/png, image/jpeg' }, data: { contentType: text/csv } } }",
    ),
    {
      note: "a\r\nb",
      tags: ["x", "y"],
      meta: { a: 1 },
      photo: { base64: btoa("\x00\xff"), filename: 'a"b.png' },
      raw: { base64: btoa("z"), content_type: "image/gif" },
      data: "1,2",
    },
  );
  const type = headerValue(request.headers, "content-type") ?? "";
  const boundary = /boundary=(\S+)/.exec(type)?.[1] ?? "";
  const latin1 = new TextDecoder("latin1").decode(request.body!);
  assert.equal(latin1.split(`--${boundary}`).length, 9);
  assert.ok(
    latin1.includes(
      'name="photo"; filename="a%22b.png"\r\nContent-Type: image/png\r\n\r\n\x00\xff\r\n',
    ),
  );
  assert.ok(latin1.includes('name="meta"\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n'));
  assert.ok(latin1.includes('name="raw"; filename="raw"\r\nContent-Type: image/gif'));
  assert.ok(latin1.includes('name="data"\r\nContent-Type: text/csv\r\n\r\n1,2'));
  const parsed = parseBody(request.headers, request.body);
  assert.equal(parsed.kind, "multipart");
  const names = parsed.kind === "multipart" ? parsed.parts.map(({ name }) => name) : [];
  assert.deepEqual(names, ["note", "tags", "tags", "meta", "photo", "raw", "data"]);
});

Deno.test("serializeBody() draws the same boundary for the same parts and another for others", () => {
  const members = content("multipart/form-data");
  assert.deepEqual(send(members, { a: "1" }), send(members, { a: "1" }));
  assert.notDeepEqual(send(members, { a: "1" }).headers, send(members, { a: "2" }).headers);
});

Deno.test("serializeBody() sends binary bodies under the file's type where the document leaves it open", () => {
  const file = { base64: btoa("\x89PNG"), content_type: "image/png" };
  const cases: [string, JsonValue, string][] = [
    ["application/octet-stream", file, "application/octet-stream"],
    ["image/*", file, "image/png"],
    ["*/*", "text", "application/octet-stream"],
  ];
  for (const [type, value, expected] of cases) {
    const request = send(content(type), value);
    assert.equal(headerValue(request.headers, "content-type"), expected, type);
  }
  const body = send(content("image/*"), file).body;
  assert.deepEqual([...body!], [0x89, 0x50, 0x4e, 0x47]);
});

const PICTURES = `multipart/form-data: {
  schema: { properties: {
    one: { type: string, format: binary },
    many: { type: array, items: { type: string, contentMediaType: image/png } },
    data: { type: object } } },
  encoding: { one: { contentType: "image/png, image/jpeg" }, data: { contentType: "text/csv, application/json" } } }`;

Deno.test("serializeBody() never sends a path, or the object that names it, as a file", () => {
  const members = `requestBody: { content: { ${PICTURES} } }`;
  for (const path of ["@/etc/hosts", "@./a b.pdf", "@C:\\a.pdf"]) {
    const values: JsonValue[] = [
      { one: path },
      { one: { file: path } },
      { many: ["x", { file: path }] },
      { data: { file: path } },
      { other: [{ file: path }] },
    ];
    for (const value of values) {
      assert.throws(
        () => send(members, value),
        /only the shell reads files/,
        JSON.stringify(value),
      );
    }
  }
  assert.match(textOf(send(members, { one: { file: "hello" } })), /png\r\n\r\nhello\r\n/);
  assert.match(textOf(send(members, { data: { file: "hello" } })), /\{"file":"hello"\}/);
});

Deno.test("serializeBody() sends a part under one of the types its encoding lists", () => {
  const members = `requestBody: { content: { ${PICTURES} } }`;
  const cases: [JsonValue, string][] = [
    [{ one: { base64: "AAE=", filename: "x.JPG" } }, "image/jpeg"],
    [{ one: { base64: "AAE=", filename: "x.gif" } }, "image/png"],
    [{ one: { base64: "AAE=", filename: "x.jpg", type: "image/tiff" } }, "image/tiff"],
    [{ one: "text" }, "image/png"],
    [{ data: { a: 1 } }, "application/json"],
    [{ data: "a,b" }, "text/csv"],
  ];
  for (const [value, type] of cases) {
    const sent = textOf(send(members, value));
    assert.equal(/^Content-Type: (.*)\r$/m.exec(sent)?.[1], type, JSON.stringify(value));
  }
});

Deno.test("serializeBody() names the argument that is neither a file nor an object", () => {
  assert.throws(
    () => send(content("image/png"), { base64: "%" }),
    /"body" is not valid: it must be/,
  );
  assert.throws(() => send(content("image/png"), 5), /must be a file/);
  assert.throws(() => send(content("multipart/form-data"), "x"), /must be an object/);
  assert.throws(
    () => send(content("multipart/form-data"), { photo: { base64: "%" } }),
    /"body\.photo"/,
  );
});

Deno.test("buildRequest() prefers JSON, and writes the media type that was asked for", () => {
  const members = `requestBody:
  content:
    multipart/form-data: {}
    application/xml: {}
    application/json: {}`;
  assert.equal(textOf(send(members, { a: 1 })), '{"a":1}');
  assert.equal(textOf(send(members, "<a/>", "application/xml")), "<a/>");
  assert.throws(() => send(members, {}, "text/csv"), /takes no body of "text\/csv"/);
});

Deno.test("buildRequest() writes Swagger 2.0 forms by their collection formats", () => {
  const operation = operationOf(catalogOf(`
swagger: "2.0"
paths:
  /run:
    post:
      consumes: [application/x-www-form-urlencoded]
      parameters:
        - { name: a, in: formData, type: array, items: { type: string } }
        - { name: b, in: formData, type: array, items: { type: string }, collectionFormat: multi }
`));
  const request = buildRequest(operation, { body: { a: ["x", "y"], b: ["x", "y"] } }, {
    baseUrl: "https://a.example",
  });
  assert.equal(textOf(request), "a=x,y&b=x&b=y");
});

Deno.test("serializeBody() writes the parts of a list by their place, and headers the document gives them", () => {
  const parts = (rest: string, value: JsonValue, type = "multipart/mixed") =>
    textOf(send(content(type, rest), value)).split(/--keysmith-\w+(?:--)?\r\n/).slice(1, -1);
  const png = "contentType: image/png";
  assert.deepEqual(
    parts(`{ prefixEncoding: [{}, { ${png} }], itemEncoding: { contentType: text/csv } }`, [
      { a: 1 },
      "PNG",
      "a;b",
      "c;d",
    ]),
    [
      'Content-Type: application/json\r\n\r\n{"a":1}\r\n',
      "Content-Type: image/png\r\n\r\nPNG\r\n",
      "Content-Type: text/csv\r\n\r\na;b\r\n",
      "Content-Type: text/csv\r\n\r\nc;d\r\n",
    ],
  );
  const headers = "{ X-Kind: { schema: { const: raw } }, X-Open: { schema: { type: string } }, " +
    "Content-Type: { schema: { default: a/b } } }";
  assert.deepEqual(
    parts(
      `{ encoding: { f: { ${png}, headers: ${headers} } } }`,
      { f: "P" },
      "multipart/form-data",
    ),
    [
      'Content-Disposition: form-data; name="f"\r\nContent-Type: image/png\r\nX-Kind: raw\r\n\r\nP\r\n',
    ],
  );
});

Deno.test("buildRequest() writes names behind operators of RFC 6570 in their style", () => {
  const url = (path: string, args: Record<string, JsonValue>) =>
    buildRequest(operationOf(catalogOf(operationYaml("summary: x", "3.1.0", path))), args, {
      baseUrl: "https://a.example",
    }).url.slice("https://a.example".length);
  assert.equal(url("/boats{;id}{.format}/x", { id: [], format: {} }), "/boats/x");
  assert.equal(url("/boats{;id}", { id: "7 a" }), "/boats;id=7%20a");
  assert.equal(
    url("/boats{;id*}{.format}", { id: [1, 2], format: "json" }),
    "/boats;id=1;id=2.json",
  );
  assert.equal(url("/logs{/day,hour}", { day: "1/2", hour: "3" }), "/logs/1%2F2/3");
  assert.equal(url("/at/{lat,lon}/x", { lat: 1, lon: -2 }), "/at/1,-2/x");
  assert.equal(url("/at/{day:4}", { day: "2026-11" }), "/at/2026");
});

Deno.test("buildRequest() gives the rest of a path its slashes, and no way out of it", () => {
  const catalog = (path: string, name: string, more = "") =>
    operationOf(catalogOf(`
openapi: 3.2.0
paths:
  "/docs${path}":
    get: { parameters: [{ name: "${name}", in: path, required: true, ${more} }] }
`));
  const url = (path: string, value: JsonValue, more?: string, name = "rest") => {
    const operation = catalog(path, name, more);
    const { argument } = operation.parameters[0]!;
    const request = buildRequest(operation, { [argument]: value }, {
      baseUrl: "https://a.example",
    });
    return request.url.slice("https://a.example/docs".length);
  };
  for (const wide of ["{+rest}", "{rest+}", "{*rest}", "{**rest}", "{rest:path}", "{rest:.*}"]) {
    assert.equal(url(`/${wide}`, "a/b c/ü?x#y[1]"), "/a/b%20c/%C3%BC%3Fx%23y%5B1%5D", wide);
    for (const upwards of ["..", "a/../b", "a/%2e%2E/b", "./a", ""]) {
      assert.throws(() => url(`/${wide}/x`, upwards), { code: "USAGE" }, `${wide} ${upwards}`);
    }
  }
  for (const narrow of ["{rest}", "{rest:int}", "{rest=boats}", "{rest:[a-z]+}"]) {
    assert.equal(url(`/${narrow}`, "a/b"), "/a%2Fb", narrow);
  }
  assert.equal(url("/{rest=boats/*}", "boats/7"), "/boats/7");
  assert.equal(url("{/rest*}", ["a", "b/c"], "schema: { type: array }"), "/a/b%2Fc");
  assert.throws(() => url("{/rest*}", ["a", ".."], "schema: { type: array }"), { code: "USAGE" });
  assert.equal(url("/{rest}", "a:b@c/d?e", "allowReserved: true"), "/a:b@c%2Fd%3Fe");
  const skipping = "x-ms-skip-url-encoding: true";
  assert.equal(url("/{rest}", "a/b c", skipping), "/a/b%20c");
  assert.throws(() => url("/{rest}/x", "a/../b", skipping), { code: "USAGE" });
  // A name of the document itself, whatever it looks like.
  assert.equal(url("/{rest+}", "a/b", "", "rest+"), "/a%2Fb");
});
