import assert from "node:assert/strict";
import type { JsonValue } from "../../lib/base/json.ts";
import { AppError } from "../../lib/base/error.ts";
import { buildRequest } from "../../lib/openapi/build_request.ts";
import { headerValue } from "../../lib/http/headers.ts";
import { catalogOf, operationOf } from "./documents.ts";

const COLORS = ["blue", "black", "brown"];
const RGB = { R: 100, G: 200, B: 150 };

/** What a parameter of the given definition makes of a value: path, query, header and cookie. */
function written(parameter: string, value: JsonValue, version = "3.1.0"): string {
  const catalog = catalogOf(`
${version === "2.0" ? "swagger" : "openapi"}: "${version}"
paths:
  ${/in: path/.test(parameter) ? "/x/{color}" : "/x"}:
    get: { parameters: [{ name: color, ${parameter} }] }
`);
  const operation = operationOf(catalog);
  const request = buildRequest(operation, { color: value }, { baseUrl: "https://a.example" });
  const url = new URL(request.url);
  if (/in: path/.test(parameter)) return url.pathname.slice("/x/".length);
  if (/in: header/.test(parameter)) return headerValue(request.headers, "color") ?? "";
  if (/in: cookie/.test(parameter)) return headerValue(request.headers, "cookie") ?? "";
  return url.search.slice(1);
}

/** OpenAPI 3.1.1 section 4.8.12.4, "Style Examples", and what follows from RFC 6570. */
Deno.test("buildRequest() writes every style, exploded and not", () => {
  const cases: [string, JsonValue, string][] = [
    ["in: path, style: matrix", "", ";color"],
    ["in: path, style: matrix", "blue", ";color=blue"],
    ["in: path, style: matrix", COLORS, ";color=blue,black,brown"],
    ["in: path, style: matrix", RGB, ";color=R,100,G,200,B,150"],
    ["in: path, style: matrix, explode: true", COLORS, ";color=blue;color=black;color=brown"],
    ["in: path, style: matrix, explode: true", RGB, ";R=100;G=200;B=150"],
    ["in: path, style: label", "blue", ".blue"],
    ["in: path, style: label", COLORS, ".blue,black,brown"],
    ["in: path, style: label", RGB, ".R,100,G,200,B,150"],
    ["in: path, style: label, explode: true", COLORS, ".blue.black.brown"],
    ["in: path, style: label, explode: true", RGB, ".R=100.G=200.B=150"],
    ["in: path", "blue", "blue"],
    ["in: path", COLORS, "blue,black,brown"],
    ["in: path", RGB, "R,100,G,200,B,150"],
    ["in: path, explode: true", RGB, "R=100,G=200,B=150"],
    ["in: path", true, "true"],
    ["in: header", COLORS, "blue,black,brown"],
    ["in: header", RGB, "R,100,G,200,B,150"],
    ["in: header, explode: true", RGB, "R=100,G=200,B=150"],
    ["in: header", "a b", "a b"],
    // RFC 6570 section 3.2.1: what is empty is undefined.
    ["in: header", [], ""],
    ["in: query", "", "color="],
    ["in: query", "blue", "color=blue"],
    ["in: query", 1.5, "color=1.5"],
    ["in: query", false, "color=false"],
    ["in: query", COLORS, "color=blue&color=black&color=brown"],
    ["in: query", RGB, "R=100&G=200&B=150"],
    ["in: query, explode: false", COLORS, "color=blue,black,brown"],
    ["in: query, explode: false", RGB, "color=R,100,G,200,B,150"],
    ["in: query", [], ""],
    ["in: query", {}, ""],
    ["in: query, style: spaceDelimited", COLORS, "color=blue%20black%20brown"],
    ["in: query, style: spaceDelimited", RGB, "color=R%20100%20G%20200%20B%20150"],
    ["in: query, style: pipeDelimited", COLORS, "color=blue%7Cblack%7Cbrown"],
    ["in: query, style: pipeDelimited", RGB, "color=R%7C100%7CG%7C200%7CB%7C150"],
    [
      "in: query, style: pipeDelimited, explode: true",
      COLORS,
      "color=blue&color=black&color=brown",
    ],
    [
      "in: query, style: deepObject, explode: true",
      RGB,
      "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150",
    ],
    [
      "in: query, style: deepObject",
      { a: { b: [1, 2], c: [{ d: 3 }] } },
      "color%5Ba%5D%5Bb%5D%5B%5D=1&color%5Ba%5D%5Bb%5D%5B%5D=2&color%5Ba%5D%5Bc%5D%5B0%5D%5Bd%5D=3",
    ],
    ["in: query, style: deepObject", "plain", "color=plain"],
    ["in: query", [{ a: 1 }], "color=%7B%22a%22%3A1%7D"],
    ["in: cookie", "a b", "color=a%20b"],
    ["in: cookie, style: cookie", "a=b", "color=a=b"],
    ["in: cookie, explode: false", COLORS, "color=blue,black,brown"],
    ["in: cookie", COLORS, "color=blue; color=black; color=brown"],
    ["in: cookie", RGB, "R=100; G=200; B=150"],
    [
      "in: query, content: { application/json: {} }",
      RGB,
      "color=%7B%22R%22%3A100%2C%22G%22%3A200%2C%22B%22%3A150%7D",
    ],
    ["in: query, content: { text/plain: {} }", "a&b", "color=a%26b"],
    ["in: header, content: { application/json: {} }", [1], "[1]"],
  ];
  for (const [parameter, value, expected] of cases) {
    assert.equal(written(parameter, value), expected, `${parameter} ${JSON.stringify(value)}`);
  }
});

Deno.test("buildRequest() writes the collection formats of Swagger 2.0", () => {
  const cases: [string, string][] = [
    ["in: query, type: array", "color=blue,black,brown"],
    ["in: query, type: array, collectionFormat: multi", "color=blue&color=black&color=brown"],
    ["in: query, type: array, collectionFormat: ssv", "color=blue%20black%20brown"],
    ["in: query, type: array, collectionFormat: tsv", "color=blue%09black%09brown"],
    ["in: query, type: array, collectionFormat: pipes", "color=blue%7Cblack%7Cbrown"],
    ["in: path, type: array, collectionFormat: pipes", "blue%7Cblack%7Cbrown"],
    ["in: header, type: array", "blue,black,brown"],
  ];
  for (const [parameter, expected] of cases) {
    assert.equal(written(parameter, COLORS, "2.0"), expected, parameter);
  }
});

Deno.test("buildRequest() writes a whole query string of OpenAPI 3.2", () => {
  const form = "in: querystring, content: { application/x-www-form-urlencoded: {} }";
  assert.equal(written(form, { a: 1, b: ["x", "y z"] }, "3.2.0"), "a=1&b=x&b=y%20z");
  const json = "in: querystring, content: { application/json: {} }";
  assert.equal(written(json, { a: 1 }, "3.2.0"), "%7B%22a%22%3A1%7D");
});

Deno.test("buildRequest() encodes what a place cannot hold, and with allowReserved only that", () => {
  const text = "a/b?c#d&e=f+g%20h[i]'é";
  assert.equal(written("in: query", text), `color=${encodeURIComponent(text).replace("'", "%27")}`);
  assert.equal(
    written("in: query, allowReserved: true", text),
    "color=a/b?c%23d%26e=f+g%20h%5Bi%5D%27%C3%A9",
  );
  assert.equal(written("in: path", "a/../b?c#d"), "a%2F..%2Fb%3Fc%23d");
  assert.equal(written("in: query", "\ud800"), "color=%EF%BF%BD");
});

Deno.test("buildRequest() lets no value change the path, break a header or add a cookie", () => {
  const cases: [string, JsonValue, RegExp][] = [
    ["in: path", "..", /cannot stand in a path/],
    ["in: path", ".", /cannot stand in a path/],
    ["in: path", "", /must not be empty/],
    ["in: path", [], /must not be empty/],
    ["in: path, style: label", ".", /cannot stand in a path/],
    ["in: header", "a\r\nX: b", /cannot stand in a header/],
    ["in: header", "\u4e2d", /cannot stand in a header/],
    ["in: cookie, style: cookie", "a; admin=1", /cannot stand in a cookie/],
  ];
  for (const [parameter, value, message] of cases) {
    assert.throws(() => written(parameter, value), (error: AppError) => {
      assert.equal(error.code, "USAGE", parameter);
      assert.match(error.message, message);
      assert.match(error.message, /"color"/);
      return true;
    });
  }
});

Deno.test("buildRequest() refuses a value that completes a dot segment of the template", () => {
  const catalog = catalogOf("paths: { '/x/.{a}/{b}{c}': { get: {} } }");
  const build = (args: Record<string, JsonValue>) =>
    buildRequest(operationOf(catalog), args, { baseUrl: "https://a.example" }).url;
  assert.throws(() => build({ a: ".", b: "x", c: "y" }), /cannot stand in a path/);
  assert.throws(() => build({ a: "x", b: ".", c: "." }), /cannot stand in a path/);
  assert.equal(build({ a: "x", b: "1", c: "2" }), "https://a.example/x/.x/12");
});

Deno.test("buildRequest() leaves out what is absent and asks for JSON where there is any", () => {
  const catalog = catalogOf(`
paths:
  /x:
    get:
      parameters: [{ name: a, in: query }, { name: b, in: header }, { name: c, in: cookie }]
      responses:
        200: { content: { text/csv: {}, application/problem+json: {} } }
    delete: { responses: { 204: {} } }
    put: { responses: { 200: { content: { application/pdf: {} } } } }
`);
  const accepts = catalog.operations.map((operation) => {
    const request = buildRequest(operation, { a: null }, { baseUrl: "https://a.example/base" });
    assert.equal(request.url, "https://a.example/base/x");
    assert.equal(request.headers.length, 1);
    return `${request.method} ${headerValue(request.headers, "accept")}`;
  });
  assert.deepEqual(accepts.toSorted(), [
    "DELETE application/json, */*;q=0.5",
    "GET application/problem+json, */*;q=0.5",
    "PUT application/pdf, */*;q=0.5",
  ]);
});

Deno.test("buildRequest() keeps the query of a server and of a path's template", () => {
  const cases: [path: string, parameters: string, args: Record<string, JsonValue>, url: string][] =
    [
      ["/rpc?op=list", "[]", {}, "/v1/rpc?tenant=7&op=list"],
      [
        "/rpc?op=get&ref={ref}",
        "[{ name: ref, in: path }, { name: deep, in: query }]",
        { ref: "a&b", deep: "1" },
        "/v1/rpc?tenant=7&op=get&ref=a%26b&deep=1",
      ],
      ["/rpc?ref={ref}", "[{ name: ref, in: query }]", { ref: "x" }, "/v1/rpc?tenant=7&ref=x"],
      ["/find{?term,page}", "[]", { page: "2" }, "/v1/find?tenant=7&page=2"],
      [
        "/find{?ids*}",
        "[{ name: ids, in: path }]",
        { ids: ["1", "2"] },
        "/v1/find?tenant=7&ids=1&ids=2",
      ],
      [
        "/rpc?op=list",
        "[{ name: tenant, in: query }]",
        { tenant: "8" },
        "/v1/rpc?op=list&tenant=8",
      ],
      ["/things#byName", "[]", {}, "/v1/things?tenant=7"],
    ];
  for (const [path, parameters, args, url] of cases) {
    const catalog = catalogOf(`paths: { "${path}": { get: { parameters: ${parameters} } } }`);
    const baseUrl = "https://a.example/v1?tenant=7";
    const request = buildRequest(operationOf(catalog), args, { baseUrl });
    assert.equal(request.url, `https://a.example${url}`, path);
  }
});
