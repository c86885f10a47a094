import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { readCatalog } from "../../lib/openapi/catalog.ts";
import { readDocument } from "../../lib/openapi/document.ts";
import { buildRequest } from "../../lib/openapi/build_request.ts";
import { buildAppRequest } from "../../lib/tools/build_request.ts";
import { type CredentialSpots, NO_SPOTS } from "../../lib/tools/derive/credential_spots.ts";
import { deriveTools } from "../../lib/tools/from_traces.ts";
import { isDescribable, openApiOf } from "../../lib/tools/openapi_export.ts";
import { documentProblems, exportProblems } from "../support/export_problems.ts";
import { API, recording } from "./trace_builder.ts";

const credentials: CredentialSpots = {
  ...NO_SPOTS,
  headers: ["authorization", "x-csrf"],
  cookies: ["sid"],
  query: ["key"],
};

const tools = deriveTools(
  recording([
    {
      to: "GET /api/notes?page=1&ids[]=1&ids[]=2&filter[kind]=x",
      answer: { notes: [{ id: 1 }], total: 1 },
    },
    { to: "GET /api/notes/17?key=k-1234567890", answer: { id: 17, title: "T" } },
    { to: "POST /api/notes", send: { title: "A", tags: ["x"] }, status: 201, answer: { id: 18 } },
    { to: "POST /api/forms", send: new URLSearchParams({ a: "1" }), answer: {} },
    {
      to: "POST /graphql",
      send: { query: "query A($n: Int) { a(n: $n) }", variables: { n: 1 } },
      answer: { data: {} },
    },
    { to: "POST /graphql", send: { query: "mutation B { b }" }, answer: { data: {} } },
    { to: "GET https://files.example.com/api/notes?page=1", answer: [] },
    { to: "DELETE /api/notes/17", status: 204, answer: null },
    { to: "GET /open", headers: [], answer: {} },
  ]),
  { apiOrigins: [API, "https://files.example.com"], credentials },
);

const document = openApiOf({
  name: "shop",
  displayName: "Shop",
  tools,
  credentials,
  authorizationScheme: "bearer",
});
const catalog = readCatalog(readDocument(JSON.stringify(document), "shop.json"));
const operations = new Map(catalog.operations.map((operation) => [operation.tool, operation]));

Deno.test("openApiOf() describes every tool so that the same number can be called", () => {
  assert.deepEqual(catalog.skipped, []);
  assert.deepEqual([...operations.keys()].sort(), tools.map(({ name }) => name).sort());
});

Deno.test("openApiOf() describes requests that are built to the same URLs", () => {
  const cases: readonly [tool: string, args: Record<string, string | number | number[]>][] = [
    ["list_notes", { page: 2, ids: [1, 2], filter_kind: "a b" }],
    ["get_note", { note_id: 5 }],
    ["delete_note", { note_id: 5 }],
  ];
  for (const [name, args] of cases) {
    const tool = tools.find((candidate) => candidate.name === name)!;
    const operation = operations.get(name)!;
    const url = (text: string) => decodeURIComponent(text);
    assert.equal(
      url(buildRequest(operation, args, { baseUrl: tool.origin }).url),
      url(buildAppRequest(tool, args).url),
    );
  }
});

Deno.test("openApiOf() asks for all credentials of the login where the recording carried them", () => {
  const document_ = document as unknown as {
    paths: Record<string, Record<string, { security: unknown }>>;
    components: { securitySchemes: Record<string, unknown> };
  };
  assert.deepEqual(document_.components.securitySchemes, {
    bearer: { type: "http", scheme: "bearer" },
    "header_x-csrf": { type: "apiKey", in: "header", name: "x-csrf" },
    cookie_sid: { type: "apiKey", in: "cookie", name: "sid" },
    query_key: { type: "apiKey", in: "query", name: "key" },
  });
  const security = (path: string, method: string) => document_.paths[path]?.[method]?.security;
  assert.deepEqual(security("/api/notes/{note_id}", "get"), [
    { bearer: [], "header_x-csrf": [], cookie_sid: [], query_key: [] },
  ]);
  assert.deepEqual(security("/api/notes/{note_id}", "delete"), [
    { bearer: [], "header_x-csrf": [], cookie_sid: [] },
  ]);
  assert.deepEqual(security("/open", "get"), []);
});

Deno.test("openApiOf() tells operations of one path apart, and origins too", () => {
  const paths = Object.keys((document as { paths: object }).paths);
  assert.deepEqual(paths, [
    "/api/notes",
    "/api/notes/{note_id}",
    "/api/forms",
    "/graphql",
    "/graphql#b",
    "/api/notes#list_notes_2",
    "/open",
  ]);
  assert.ok(!JSON.stringify(document).includes("s3cret"));
});

Deno.test("isDescribable() knows the methods OpenAPI has a place for", () => {
  const methods = ["GET", "PATCH", "PROPFIND"];
  assert.deepEqual(methods.map((method) => isDescribable({ ...tools[0]!, method })), [
    true,
    true,
    false,
  ]);
});

Deno.test("openApiOf() describes WebDAV methods and sequences in OpenAPI 3.2, and the rest in 3.1", async () => {
  const spots: CredentialSpots = { ...NO_SPOTS, headers: ["authorization"] };
  const xml = [["Content-Type", "application/xml"]] as const;
  const dav = deriveTools(
    recording([
      { to: "PROPFIND /dav/plans", text: "<p/>", status: 207, answer: "<m/>", answerHeaders: xml },
      {
        to: "MOVE /dav/plans/1",
        headers: [["Authorization", "Bearer s3cret-access-token"], ["Destination", "/dav/old/1"]],
        status: 201,
        answer: null,
      },
      { to: "REPORT /dav/plans", text: "<r/>", status: 207, answer: "<m/>", answerHeaders: xml },
      { to: "GET /dav/plans", answer: [{ id: 1 }] },
      {
        to: "GET /dav/changes",
        answer: { id: 1 },
        answerHeaders: [["Content-Type", "application/x-ndjson"]],
      },
    ]),
    { apiOrigins: [API], credentials: spots },
  );
  const app = {
    name: "p",
    displayName: "P",
    tools: dav,
    credentials: spots,
    authorizationScheme: null,
  };
  const document = openApiOf(app);
  assert.equal(document["openapi"], "3.2.0");
  assert.deepEqual(await documentProblems(document), []);
  const read = readCatalog(readDocument(JSON.stringify(document), "p.json"));
  assert.deepEqual(read.skipped, []);
  assert.deepEqual(
    read.operations.map(({ tool, method }) => `${method} ${tool}`).sort(),
    dav.map(({ name, method }) => `${method} ${name}`).sort(),
  );
  const move = read.operations.find(({ method }) => method === "MOVE")!;
  assert.deepEqual(
    move.parameters.map(({ name, in: place }) => `${place} ${name}`).at(-1),
    "header Destination",
  );
  const plain = dav.filter(({ method }) => method === "GET").slice(0, 1);
  assert.equal(openApiOf({ ...app, tools: plain })["openapi"], "3.1.1");
});

Deno.test("openApiOf() says of the rest of a path that its slashes stay, and it is read so", async () => {
  const [tool] = deriveTools(recording([{ to: "GET /files/1", answer: { id: 1 } }]), {
    apiOrigins: [API],
    credentials: NO_SPOTS,
  });
  const rest = {
    ...tool!,
    path: "/dav/{+path}",
    parameters: { type: "object", properties: { path: { type: "string" } } } as const,
  };
  const app = { name: "p", displayName: "P", credentials: NO_SPOTS, authorizationScheme: null };
  for (const version of ["3.1", "3.2"] as const) {
    const document = openApiOf({ ...app, tools: [rest] }, version);
    assert.deepEqual(await documentProblems(document), [], version);
    const read = readCatalog(readDocument(JSON.stringify(document), "p.json"));
    const [operation] = read.operations;
    assert.equal(operation!.path, "/dav/{path}");
    assert.equal(operation!.parameters[0]!.allowReserved, version === "3.2");
    const { url } = buildRequest(operation!, { path: "a b/c" }, { baseUrl: API });
    assert.equal(url, `${API}/dav/a%20b/c`);
  }
});

Deno.test("exportOpenApi() makes documents that three validators take", async () => {
  for (const name of ["demo", "graphql_variables", "digest", "token_query"]) {
    const file = new URL(`../../fixtures/recordings/${name}.har`, import.meta.url);
    assert.deepEqual(await exportProblems(fileURLToPath(file)), [], name);
  }
});
