import assert from "node:assert/strict";
import { buildAppRequest } from "../../lib/tools/build_request.ts";
import type { ToolDefinition } from "../../lib/tools/definition.ts";
import { deriveTools } from "../../lib/tools/from_traces.ts";
import { openApiOf } from "../../lib/tools/openapi_export.ts";
import { validateTool } from "../../lib/tools/tool_file.ts";
import { API, type Exchanged, recording } from "./trace_builder.ts";

const SPOTS = { headers: ["authorization"], cookies: [], query: [], body: [] };
const XML = [["Content-Type", "application/xml"]] as const;

function derive(exchanges: readonly Exchanged[]): Map<string, ToolDefinition> {
  const options = { apiOrigins: [API], credentials: SPOTS, personal: ["mira"] };
  const signedIn = exchanges.map((one) => ({
    ...one,
    headers: [["Authorization", "Bearer s3cret-access-token"], ...one.headers ?? []] as const,
  }));
  return new Map(deriveTools(recording(signedIn), options).map((tool) => [tool.name, tool]));
}

const list = (to: string): Exchanged => ({
  to: `PROPFIND ${to}`,
  headers: [["Depth", "1"], ...XML],
  text: "<propfind/>",
  status: 207,
  answerText: "<multistatus/>",
  answerHeaders: XML,
});

const FILES: readonly Exchanged[] = [
  list("/dav/files/mira/"),
  list("/dav/files/mira/Trips/2025/"),
  {
    to: "GET /dav/files/mira/plan.odt",
    answerText: "PK",
    answerHeaders: [["Content-Type", "application/vnd.oasis.opendocument.text"]],
  },
  { to: "PUT /dav/files/mira/todo.md", headers: [["Content-Type", "text/markdown"]], text: "# a" },
  { to: "MKCOL /dav/files/mira/Trips/2026", status: 201, answer: null },
  {
    to: "MOVE /dav/files/mira/todo.md",
    headers: [["Destination", `${API}/dav/files/mira/done.md`]],
    status: 201,
    answer: null,
  },
  { to: "DELETE /dav/files/mira/Trips/2025/sea.jpg", status: 204, answer: null },
  { to: "GET /status.json", answer: { installed: true } },
];

Deno.test("deriveTools() takes what follows in a tree of WebDAV for one argument", () => {
  const tools = derive(FILES);
  assert.deepEqual([...tools].map(([name, { path }]) => `${name} ${path}`), [
    "list_files /dav/files/{user}/{+path}",
    "get_file /dav/files/{user}/{+path}",
    "upload_file /dav/files/{user}/{+path}",
    "create_folder /dav/files/{user}/{+path}",
    "move_file /dav/files/{user}/{+path}",
    "delete_file /dav/files/{user}/{+path}",
    "get_status /status.json",
  ]);
  assert.ok(!/plan|todo|Trips/.test(JSON.stringify([...tools.values()].map(({ path }) => path))));
  const url = (name: string, path?: string) =>
    buildAppRequest(validateTool(JSON.parse(JSON.stringify(tools.get(name)))), {
      user: "mira",
      ...name === "list_files" ? { body: "<propfind/>" } : {},
      ...path === undefined ? {} : { path },
    }).url.slice(`${API}/dav/files/`.length);
  assert.equal(url("list_files"), "mira/");
  assert.equal(url("list_files", "/Trips/2026/"), "mira/Trips/2026/");
  assert.equal(url("delete_file", "a b/c?d#e.txt"), "mira/a%20b/c%3Fd%23e.txt");
  assert.equal(url("get_file", "%2e%2e/x"), "mira/%252e%252e/x");
  for (const path of ["..", "a/../../other/x", "./x", "a/."]) {
    assert.throws(() => url("delete_file", path), { code: "USAGE" }, path);
  }
  assert.throws(() => url("delete_file"), { code: "USAGE" }, "The whole tree was never deleted");
});

Deno.test("openApiOf() has the rest of a path as a parameter of that name", () => {
  const document = openApiOf({
    name: "dav",
    displayName: "Dav",
    tools: [...derive(FILES).values()],
    credentials: SPOTS,
    authorizationScheme: null,
  });
  assert.deepEqual(Object.keys(document["paths"] as object), [
    "/dav/files/{user}/{path}",
    "/status.json",
  ]);
});

Deno.test("deriveTools() sees a tree only where WebDAV was answered, and only in its folders", () => {
  const paths = [
    ...derive([
      list("/caldav/calendars/mira/"),
      { to: "GET /caldav/help/intro", answer: { text: "x" } },
      { ...list("/shop/orders/"), status: 200 },
      { to: "GET /shop/orders/latest", answer: { id: 1 } },
      {
        to: "COPY /db/first",
        headers: [["Destination", "second"]],
        status: 201,
        answer: { ok: true },
      },
      { to: "GET /db/_all_docs", answer: { rows: [] } },
    ]).values(),
  ].map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(paths, [
    "PROPFIND /caldav/calendars/{user}/{+path}",
    "GET /caldav/help/intro",
    "PROPFIND /shop/orders/",
    "GET /shop/orders/latest",
    "COPY /db/first",
    "GET /db/_all_docs",
  ]);
});
