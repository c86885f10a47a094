import assert from "node:assert/strict";
import type { Context } from "../../lib/base/context.ts";
import { AppError } from "../../lib/base/error.ts";
import { listTools } from "../../lib/ops/list_tools.ts";
import { readDocumentFile } from "../../lib/ops/document_file.ts";
import { documentSource } from "../../lib/ops/service_document.ts";
import { showTool } from "../../lib/ops/show_tool.ts";
import { Home } from "../../lib/store/home.ts";
import { startDesk } from "../resolve/desk.ts";
import { fakeContext } from "../support/fake_context.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const URL_ = "https://api.example.com/openapi.json";

/** A context whose every request is answered in order; `null` stands for no answer. */
function answering(answers: (Response | null)[], seen: Headers[] = []): Context {
  return {
    ...fakeContext(),
    fetch: (_input, init) => {
      seen.push(new Headers(init?.headers));
      const answer = answers.shift();
      return answer ? Promise.resolve(answer) : Promise.reject(new TypeError("no route"));
    },
  };
}

async function documentText(ctx: Context, home: Home, location: string): Promise<string> {
  return await readDocumentFile((await documentSource(ctx, home, location)).file);
}

Deno.test("documentSource() asks again with the validators, and takes 304 for the copy", async () => {
  await withTempFolder(async (folder) => {
    const home = new Home(folder);
    const seen: Headers[] = [];
    const first = new Response("one", {
      headers: { etag: '"v1"', "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT" },
    });
    const ctx = answering([first, new Response(null, { status: 304 }), new Response("two")], seen);
    assert.equal(await documentText(ctx, home, URL_), "one");
    assert.equal(await documentText(ctx, home, URL_), "one");
    assert.equal(seen[1]?.get("if-none-match"), '"v1"');
    assert.equal(seen[1]?.get("if-modified-since"), "Mon, 01 Jan 2024 00:00:00 GMT");
    assert.equal(await documentText(ctx, home, URL_), "two");
  });
});

Deno.test("documentSource() uses the copy while the server does not answer, and says so", async () => {
  await withTempFolder(async (folder) => {
    const home = new Home(folder);
    await documentText(answering([new Response("one")]), home, URL_);
    const offline = { ...answering([null]), lines: [] as string[] };
    const ctx = {
      ...offline,
      term: { ...offline.term, err: (line: string) => void offline.lines.push(line) },
    };
    assert.equal(await documentText(ctx, home, URL_), "one");
    assert.match(offline.lines.join(), /Using the stored copy/);
    assert.equal(
      await documentText(answering([new Response("", { status: 500 })]), home, URL_),
      "one",
    );
  });
});

Deno.test("documentSource() fails for a document that was never read", async () => {
  await withTempFolder(async (folder) => {
    const home = new Home(folder);
    const cases: [Context, string, string][] = [
      [answering([null]), URL_, "UNREACHABLE"],
      [answering([new Response("", { status: 404 })]), URL_, "UPSTREAM_REFUSED"],
      [answering([new Response("", { status: 502 })]), URL_, "UPSTREAM_FAILED"],
      [answering([]), "http://api.example.com/openapi.json", "UNSUPPORTED"],
      [answering([]), `${folder}/none.yaml`, "NOT_FOUND"],
      [answering([]), folder, "BAD_INPUT"],
    ];
    for (const [ctx, location, code] of cases) {
      await assert.rejects(documentText(ctx, home, location), (error: AppError) => {
        assert.equal(error.code, code, location);
        return true;
      });
    }
  });
});

Deno.test("listTools() lists a service's operations, and what it skips with the reason", async () => {
  await using desk = await startDesk(() => Response.json({}));
  await desk.document({
    security: [{ key: [] }],
    paths: {
      "/a": { get: { operationId: "getA", summary: "Reads A", security: [] } },
      "/b": { put: { operationId: "putB", deprecated: true } },
      "/c": { get: { parameters: [{ $ref: "elsewhere.json" }] } },
      "/d": {
        post: {
          operationId: "postD",
          requestBody: { content: { "application/json": { schema: { $ref: "#/nowhere" } } } },
        },
      },
    },
    components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Key" } } },
  });
  const [listed] = await listTools(desk.context(), { owner: "desk" });
  assert.deepEqual(
    listed?.tools.map(({ name, description, requiresAuth, safe, idempotent, url }) => ({
      name,
      description,
      requiresAuth,
      safe,
      idempotent,
      url,
    })),
    [
      {
        name: "getA",
        description: "Reads A",
        requiresAuth: false,
        safe: true,
        idempotent: true,
        url: `${desk.origin}/a`,
      },
      {
        name: "putB",
        description: "Deprecated. PUT /b",
        requiresAuth: true,
        safe: false,
        idempotent: true,
        url: `${desk.origin}/b`,
      },
    ],
  );
  assert.deepEqual(listed?.skipped.map(({ name }) => name), ["GET /c", "postD"]);
  assert.match(listed?.skipped[1]?.reason ?? "", /points to nothing/);
});

Deno.test("listTools() keeps the other services when one document cannot be read", async () => {
  await using desk = await startDesk(() => Response.json({}));
  await Deno.writeTextFile(
    `${desk.folder}/keysmith.json`,
    JSON.stringify({
      services: { bad: { openapi: "none.json" }, desk: { openapi: "api.json" } },
    }),
  );
  const owners = await listTools(desk.context(), {});
  assert.deepEqual(owners.map(({ owner, tools }) => [owner, tools.length]), [["bad", 0], [
    "desk",
    3,
  ]]);
  assert.match(owners[0]?.skipped[0]?.reason ?? "", /There is no file/);
});

Deno.test("showTool() shows the catalog's entry: alternatives, scopes, flows, places", async () => {
  await using desk = await startDesk(() => Response.json({}));
  const flows = { clientCredentials: { tokenUrl: "https://id.example.com/t", scopes: {} } };
  await desk.document({
    security: [{ oauth: ["pets.read"] }, { key: [] }],
    components: {
      securitySchemes: {
        oauth: { type: "oauth2", flows },
        key: { type: "apiKey", in: "header", name: "X-Key" },
      },
    },
  });
  const { definition } = await showTool(desk.context(), { owner: "desk", tool: "listTickets" });
  const { security } = definition as {
    security: { declaredBy: string; alternatives: Record<string, unknown>[][] };
  };
  assert.equal(security.declaredBy, "document");
  const [[oauth], [key]] = security.alternatives as [
    [Record<string, unknown>],
    [Record<string, unknown>],
  ];
  assert.deepEqual([oauth.name, oauth.type, oauth.scopes], ["oauth", "oauth2", ["pets.read"]]);
  assert.deepEqual(
    (oauth.flows as { tokenUrl: string }[])[0]?.tokenUrl,
    "https://id.example.com/t",
  );
  assert.deepEqual([key.in, key.parameterName], ["header", "X-Key"]);
});
