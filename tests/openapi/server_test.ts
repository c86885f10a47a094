import assert from "node:assert/strict";
import { AppError } from "../../lib/base/error.ts";
import { serverUrl } from "../../lib/openapi/server.ts";
import { catalogOf, operationOf } from "./documents.ts";

const URL_LOCATION = "https://docs.example.com/specs/v1/openapi.json";

function urlOf(server: string, location = "/specs/api.yaml", values = {}): string {
  const catalog = catalogOf(`servers: [${server}]\npaths: {}`, {}, location);
  return serverUrl(catalog.servers[0]!, { location }, values);
}

Deno.test("serverUrl() makes absolute URLs of absolute, templated and relative servers", () => {
  const templated = `{ url: "https://{region}.example.com:{port}/{base}", variables:
    { region: { default: eu, enum: [eu, us] }, port: { default: 8443 }, base: { default: v2 } } }`;
  const cases: [string, string, Record<string, string>, string][] = [
    ["{ url: 'https://a.example/v1/' }", "/x.yaml", {}, "https://a.example/v1"],
    ["{ url: 'https://a.example' }", "/x.yaml", {}, "https://a.example"],
    [templated, "/x.yaml", {}, "https://eu.example.com:8443/v2"],
    [templated, "/x.yaml", { region: "us" }, "https://us.example.com:8443/v2"],
    ["{ url: /v1 }", URL_LOCATION, {}, "https://docs.example.com/v1"],
    ["{ url: ../v2 }", URL_LOCATION, {}, "https://docs.example.com/specs/v2"],
    ["{ url: '//other.example/x' }", URL_LOCATION, {}, "https://other.example/x"],
    [
      "{ url: 'https://a.example/v1/?key=a%20b#x' }",
      "/x.yaml",
      {},
      "https://a.example/v1?key=a%20b",
    ],
  ];
  for (const [server, location, values, expected] of cases) {
    assert.equal(urlOf(server, location, values), expected);
  }
});

Deno.test("serverUrl() refuses a server with a user name, which hides where requests go", () => {
  const urls = [
    "https://ann:pw@api.example.com/",
    "https://api.example.com@evil.example/v1",
    "//u@h/",
  ];
  for (const url of urls) {
    const server = { url, variables: [] };
    const document = { location: "https://docs.example.com/api.json" };
    assert.throws(() => serverUrl(server, document, {}), { code: "BAD_CONFIG" }, url);
  }
});

Deno.test("serverUrl() says what to configure when a server cannot be used", () => {
  const cases: [string, Record<string, string>, RegExp][] = [
    ["{ url: /v1 }", {}, /not an absolute http URL/],
    ["{ url: 'ftp://a.example/' }", {}, /not an absolute http URL/],
    ["{ url: 'https://{x}.example/' }", {}, /needs a value for "x"/],
    [
      "{ url: 'https://{x}.example/', variables: { x: { default: a, enum: [a] } } }",
      { x: "b" },
      /"b" is no/,
    ],
  ];
  for (const [server, values, message] of cases) {
    assert.throws(() => urlOf(server, "/x.yaml", values), (error: AppError) => {
      assert.equal(error.code, "BAD_CONFIG");
      assert.match(error.message, message);
      assert.ok(error.hint);
      return true;
    });
  }
});

Deno.test("readCatalog() takes the servers of the operation, else of the path, else of the document", () => {
  const catalog = catalogOf(`
servers: [{ url: https://root.example }]
paths:
  /a:
    servers: [{ url: https://path.example }]
    get: { operationId: own, servers: [{ url: https://own.example }] }
    put: { operationId: path }
  /b: { get: { operationId: root } }
`);
  const seen = ["own", "path", "root"].map((tool) => {
    const operation = operationOf(catalog, tool);
    return [operation.servers[0]?.url, operation.ownServers];
  });
  assert.deepEqual(seen, [
    ["https://own.example", true],
    ["https://path.example", true],
    ["https://root.example", false],
  ]);
});

Deno.test("readCatalog() gives a document without servers the one it came from", () => {
  const catalog = catalogOf("paths: { /a: { get: {} } }", {}, URL_LOCATION);
  assert.equal(
    serverUrl(operationOf(catalog).servers[0]!, catalog.document, {}),
    "https://docs.example.com",
  );
  const swagger = catalogOf(
    "swagger: '2.0'\nbasePath: /v1\npaths: { /a: { get: {} } }",
    {},
    URL_LOCATION,
  );
  assert.equal(serverUrl(swagger.servers[0]!, swagger.document, {}), "https://docs.example.com/v1");
});
