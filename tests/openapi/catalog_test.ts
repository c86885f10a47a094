import assert from "node:assert/strict";
import { catalogOf, operationOf } from "./documents.ts";

Deno.test("readCatalog() lists every method, path-level parameters merged with the operation's", () => {
  const catalog = catalogOf(`
info: { title: Desk }
paths:
  /tickets/{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: integer } }
      - { name: trace, in: header, description: from the path }
      - { name: limit, in: query, description: from the path }
    get:
      operationId: getTicket
      parameters:
        - { name: limit, in: query, description: its own, schema: { type: integer } }
        - { name: TRACE, in: header, description: its own }
    delete: { operationId: deleteTicket }
    head: {}
    options: {}
    patch: {}
    put: {}
    post: {}
`);
  assert.equal(catalog.title, "Desk");
  assert.deepEqual(
    catalog.operations.map(({ method }) => method).toSorted(),
    ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
  );
  const get = operationOf(catalog, "getTicket");
  assert.deepEqual(
    get.parameters.map(({ name, in: place, description }) => `${place} ${name} ${description}`),
    ["path id ", "header TRACE its own", "query limit its own"],
  );
  assert.equal(operationOf(catalog, "deleteTicket").parameters.length, 3);
});

Deno.test("readCatalog() reads the query method and additional operations of OpenAPI 3.2", () => {
  const catalog = catalogOf(`
openapi: 3.2.0
paths:
  /search:
    query:
      operationId: search
      requestBody: { content: { application/json: { schema: { type: object } } } }
    additionalOperations:
      PURGE: { operationId: purge }
`);
  assert.deepEqual(catalog.operations.map(({ method, tool }) => [method, tool]), [
    ["QUERY", "search"],
    ["PURGE", "purge"],
  ]);
});

Deno.test("readCatalog() lists what it skips with the reason, and keeps the rest", () => {
  const catalog = catalogOf(`
paths:
  /good: { get: { operationId: good } }
  /away: { get: { parameters: [{ $ref: "common.yaml#/p" }] } }
  /gone: { get: { parameters: [{ $ref: "#/components/parameters/none" }] } }
  /loop: { get: { parameters: [{ $ref: "#/components/parameters/a" }] } }
  /nameless: { get: { parameters: [{ in: query }] } }
  /placeless: { get: { parameters: [{ name: x, in: body }] } }
  /trace: { trace: {} }
  /text: { get: "no" }
  /item: nonsense
  relative: { get: {} }
  /getbody: { get: { requestBody: { required: true, content: { application/json: {} } } } }
  /external: { $ref: "https://elsewhere.example/paths.json#/x" }
components:
  parameters:
    a: { $ref: "#/components/parameters/b" }
    b: { $ref: "#/components/parameters/a" }
`);
  assert.deepEqual(catalog.operations.map(({ tool }) => tool), ["good"]);
  const reasons = Object.fromEntries(catalog.skipped.map(({ path, reason }) => [path, reason]));
  assert.deepEqual(reasons, {
    "/away": `Reference "common.yaml#/p" points to another document; list "/specs/common.yaml" ` +
      `under "refs" to allow it`,
    "/gone": `Reference "#/components/parameters/none" points to nothing`,
    "/loop": `Reference "#/components/parameters/a" leads back to itself`,
    "/nameless": "A parameter has no name",
    "/placeless": `Parameter "x" has no known place ("in")`,
    "/trace": "Method TRACE cannot be sent",
    "/text": "The operation is not an object",
    "/item": "The path item is not an object",
    "relative": `The path does not begin with "/"`,
    "/getbody": "A GET request cannot carry the body it requires",
    "/external":
      `Reference "https://elsewhere.example/paths.json#/x" points to another document; ` +
      `list "https://elsewhere.example/paths.json" under "refs" to allow it`,
  });
});

Deno.test("readCatalog() follows references into the documents that are listed", () => {
  const catalog = catalogOf(
    `
paths:
  /a: { $ref: "shared/paths.yaml#/~1a%7Bx%7D" }
`,
    {
      "/specs/shared/paths.yaml": `
"/a{x}":
  get:
    operationId: fromThere
    parameters: [{ $ref: "params.yaml#/limit" }, { $ref: "#/own" }]
own: { name: own, in: query }
`,
      "/specs/shared/params.yaml": `limit: { name: limit, in: query }`,
    },
  );
  assert.deepEqual(
    operationOf(catalog, "fromThere").parameters.map(({ name }) => name),
    ["limit", "own"],
  );
});

Deno.test("readCatalog() takes a reference through $self for a reference into the document itself", () => {
  const catalog = catalogOf(`
openapi: 3.2.0
$self: https://api.example.com/v1/openapi.yaml
paths:
  /a: { get: { operationId: a, parameters: [{ $ref: "openapi.yaml#/components/parameters/p" }] } }
components: { parameters: { p: { name: p, in: query } } }
`);
  assert.equal(operationOf(catalog, "a").parameters[0]?.name, "p");
});

Deno.test("readCatalog() reads keys named like members of objects only where they are written", () => {
  const catalog = catalogOf(`
paths:
  /a:
    get: { operationId: constructor, parameters: [{ $ref: "#/constructor/prototype" }] }
    post: { operationId: __proto__ }
`);
  assert.deepEqual(catalog.operations.map(({ tool }) => tool), ["proto"]);
  assert.match(catalog.skipped[0]?.reason ?? "", /points to nothing/);
});

Deno.test("readCatalog() never offers headers of credentials and framing as arguments", () => {
  const catalog = catalogOf(`
security: [{ key: [] }]
paths:
  /a:
    get:
      parameters:
        - { name: Authorization, in: header, required: true }
        - { name: accept, in: header }
        - { name: Host, in: header }
        - { name: x-api-key, in: header, required: true }
        - { name: token, in: query, required: true }
        - { name: X-Other, in: header }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-API-Key }
    other: { type: apiKey, in: query, name: token }
`);
  assert.deepEqual(operationOf(catalog).parameters.map(({ name }) => name), ["X-Other"]);
});

Deno.test("readCatalog() brings path parameters in line with the path", () => {
  const catalog = catalogOf(`
paths:
  /a/{id}/{kind}:
    get:
      parameters: [{ name: kind, in: path }, { name: stray, in: path }]
`);
  assert.deepEqual(
    operationOf(catalog).parameters.map(({ name, required }) => [name, required]),
    [["kind", true], ["id", true]],
  );
});

Deno.test("readCatalog() gives arguments of one operation different names", () => {
  const catalog = catalogOf(`
paths:
  /a/{id}:
    post:
      parameters:
        - { name: id, in: path }
        - { name: id, in: query }
        - { name: id, in: header }
        - { name: "filter[name]", in: query }
        - { name: "filter(name)", in: query }
        - { name: body, in: query }
      requestBody: { content: { application/json: {} } }
`);
  const operation = operationOf(catalog);
  assert.deepEqual(operation.parameters.map(({ argument }) => argument), [
    "id",
    "id_query",
    "id_header",
    "filter_name",
    "filter_name_query",
    "body",
  ]);
  assert.equal(operation.body?.argument, "body_request");
});

Deno.test("readCatalog() gives tools names of at most 64 characters, unique without regard to case", () => {
  const long = "a".repeat(80);
  const catalog = catalogOf(`
paths:
  /1: { get: { operationId: list items! } }
  /2: { get: { operationId: ${long}x }, put: { operationId: ${long}y } }
  /3: { get: { operationId: Same }, put: { operationId: same } }
  "/things/{thing id}/": { get: {}, post: { operationId: "!!" } }
`);
  const names = catalog.operations.map(({ tool }) => tool);
  assert.equal(names[0], "list_items");
  assert.ok(names.every((name) => /^[A-Za-z0-9_-]{1,64}$/.test(name)), names.join());
  assert.equal(new Set(names.map((name) => name.toLowerCase())).size, names.length);
  assert.ok(names.includes("get_things_thing_id"));
  assert.ok(names.includes("post_things_thing_id"));
  assert.deepEqual(
    catalogOf(`paths: { /2: { get: { operationId: ${long}x } } }`).operations[0]?.tool,
    names[1],
  );
});

Deno.test("readCatalog() reads Swagger 2.0", () => {
  const catalog = catalogOf(`
swagger: "2.0"
host: api.example.com
basePath: /v1
schemes: [http, https]
consumes: [application/json]
produces: [application/json]
parameters: { page: { name: page, in: query, type: integer } }
paths:
  /pets:
    parameters: [{ $ref: "#/parameters/page" }]
    post:
      operationId: addPet
      parameters:
        - { name: pet, in: body, required: true, schema: { $ref: "#/definitions/Pet" } }
        - { name: tags, in: query, type: array, items: { type: string }, collectionFormat: pipes }
    put:
      operationId: upload
      consumes: [multipart/form-data]
      parameters:
        - { name: photo, in: formData, type: file, required: true }
        - { name: note, in: formData, type: string }
definitions: { Pet: { type: object } }
`);
  assert.deepEqual(catalog.servers.map(({ url }) => url), [
    "https://api.example.com/v1",
    "http://api.example.com/v1",
  ]);
  const add = operationOf(catalog, "addPet");
  assert.deepEqual(add.parameters.map(({ name, style }) => [name, style]), [
    ["page", "form"],
    ["tags", "pipeDelimited"],
  ]);
  assert.equal(add.body?.contents[0]?.kind, "json");
  assert.equal(add.body?.required, true);
  const upload = operationOf(catalog, "upload");
  assert.equal(upload.body?.contents[0]?.kind, "multipart");
  assert.deepEqual(upload.produces, ["application/json"]);
});
