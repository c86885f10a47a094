import assert from "node:assert/strict";
import type { AppError } from "../../lib/base/error.ts";
import { isRecord } from "../../lib/base/json.ts";
import { analyzeTools } from "../../lib/ops/analyze_tools.ts";
import { callTool } from "../../lib/ops/call_tool.ts";
import { exportOpenApi } from "../../lib/ops/export_openapi.ts";
import { importCapture } from "../../lib/ops/import_capture.ts";
import { listTools } from "../../lib/ops/list_tools.ts";
import { showTool } from "../../lib/ops/show_tool.ts";
import { openHome } from "../../lib/store/home.ts";
import { writeToken } from "../../lib/token/token_file.ts";
import { readTool, writeTool } from "../../lib/tools/tool_store.ts";
import { type FakeContext, fakeContext } from "../support/fake_context.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { tokenState } from "../support/token_home.ts";
import { sampleTool } from "../tools/sample_tool.ts";
import { Site } from "../tools/site.ts";

const RECORDINGS = new URL("../../fixtures/recordings/", import.meta.url);
const NOTES_TOOLS = ["create_note", "get_note", "get_profile", "list_notes", "search"];

/** An app whose recording is one of the fixtures. */
async function withRecording(
  name: string,
  work: (ctx: FakeContext, har: string) => Promise<void>,
): Promise<void> {
  await withTempFolder(async (folder) => {
    const har = await Deno.readTextFile(new URL(`${name}.har`, RECORDINGS));
    await Deno.writeTextFile(`${folder}/${name}.har`, har);
    const ctx = fakeContext({ home: `${folder}/home` });
    await importCapture(ctx, { app: "shop", files: [`${folder}/${name}.har`] });
    await work(ctx, har);
  });
}

Deno.test("analyzeTools() derives the same operations whatever the login is", async (t) => {
  const styles: readonly [recording: string, tools: readonly string[]][] = [
    ["demo", NOTES_TOOLS],
    ["form_csrf", NOTES_TOOLS],
    ["token_query", NOTES_TOOLS],
    ["token_body_json", ["create_note", "get_note", "list_notes", "post_profile", "search"]],
    ["graphql_variables", ["create_note", "get_note", "list_notes", "profile", "search"]],
    ["jsonrpc_params", ["create_note", "get_note", "list_notes", "profile", "search", "version"]],
    ["oidc_query", NOTES_TOOLS],
    ["saml_sso", NOTES_TOOLS],
    ["digest", ["get_profile", "list_notes", "search"]],
    ["api_key", ["get_note", "get_profile", "list_notes", "search"]],
  ];
  for (const [recording, names] of styles) {
    await t.step(recording, async () => {
      await withRecording(recording, async (ctx, har) => {
        const { tools } = await analyzeTools(ctx, { app: "shop" });
        assert.deepEqual(tools.map(({ name }) => name).sort(), names);
        assert.ok(tools.every((tool) => tool.requiresAuth || tool.name === "version"));
        assertNoCredential(JSON.stringify(tools), har);
      });
    });
  }
});

interface RecordedRequest {
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly postData?: { readonly text?: string };
}

const NAMED_SECRET = /(?:token|session|auth|password)"?\s*[:=]\s*"?([\w.~+/-]{8,})/gi;

/** Whatever the recording sent as `Authorization`, cookie or password is in no tool. */
function assertNoCredential(tools: string, har: string): void {
  const { log } = JSON.parse(har) as { log: { entries: { request: RecordedRequest }[] } };
  const requests = log.entries.map(({ request }) => request);
  const headers = requests.flatMap((request) => request.headers)
    .filter(({ name }) => /^(authorization|cookie|x-api-key)$/i.test(name))
    .flatMap(({ value }) => value.split(/[\s;,="]+/));
  const texts = requests.flatMap(({ url, postData }) => [url, postData?.text ?? ""])
    .flatMap((text) => [...text.matchAll(NAMED_SECRET)]).map((match) => match[1]!);
  const secrets = [...headers, ...texts].filter((part) => part.length >= 16 && /\d/.test(part));
  assert.ok(secrets.length > 0, "the recording holds credentials to look for");
  for (const secret of secrets) assert.ok(!tools.includes(secret), secret);
}

Deno.test("analyzeTools() changes only what the recordings changed", async () => {
  await withRecording("demo", async (ctx) => {
    const home = openHome(ctx);
    const first = await analyzeTools(ctx, { app: "shop" });
    assert.deepEqual([...first.added].sort(), NOTES_TOOLS);
    await writeTool(home, "shop", sampleTool({ name: "by_hand", traces: [] }));
    await writeTool(home, "shop", sampleTool({ name: "gone" }));
    await writeTool(home, "shop", {
      ...await readTool(home, "shop", "search"),
      description: "edited",
    });
    await Deno.writeTextFile(home.appFile("shop", "tools/get_note.json"), "{ half");
    const second = await analyzeTools(ctx, { app: "shop" });
    assert.deepEqual(second.added, []);
    assert.deepEqual([...second.changed].sort(), ["get_note", "search"]);
    assert.deepEqual(second.removed, ["gone"]);
    assert.deepEqual(second.kept, ["by_hand"]);
    assert.deepEqual((await analyzeTools(ctx, { app: "shop" })).changed, []);
  });
});

Deno.test("analyzeTools() says what is missing", async () => {
  await withTempFolder(async (home) => {
    const ctx = fakeContext({ home });
    await assert.rejects(analyzeTools(ctx, { app: "shop" }), { code: "NOT_FOUND" });
  });
});

Deno.test("listTools() and showTool() derive the tools of a new app by themselves", async () => {
  await withRecording("demo", async (ctx) => {
    const [shop] = await listTools(ctx, {});
    assert.equal(shop?.owner, "shop");
    assert.equal(shop?.kind, "app");
    assert.deepEqual(shop?.tools.map(({ name }) => name), NOTES_TOOLS);
    const { summary, definition } = await showTool(ctx, { owner: "shop", tool: "get_note" });
    assert.match(summary.url, /^http:\/\/127\.0\.0\.1:\d+\/api\/notes\/\{note_id\}$/);
    assert.ok(isRecord(definition) && definition["method"] === "GET");
    const { method, path } = summary;
    const byRequest = await showTool(ctx, {
      owner: "shop",
      tool: `${method.toLowerCase()} ${path}`,
    });
    assert.equal(byRequest.summary.name, "get_note");
    await assert.rejects(showTool(ctx, { owner: "shop", tool: "GET /nowhere" }), {
      code: "NOT_FOUND",
    });
    await assert.rejects(showTool(ctx, { owner: "shop", tool: "nope" }), (error: AppError) => {
      assert.equal(error.code, "NOT_FOUND");
      assert.equal(error.hint, "keysmith tools list shop");
      return true;
    });
    await assert.rejects(listTools(ctx, { owner: "stop" }), {
      code: "NOT_FOUND",
      hint: "There are: shop",
    });
  });
});

Deno.test("listTools() skips a damaged tool and names it", async () => {
  await withRecording("demo", async (ctx) => {
    await analyzeTools(ctx, { app: "shop" });
    const file = openHome(ctx).appFile("shop", "tools/search.json");
    await Deno.writeTextFile(file, JSON.stringify({ ...sampleTool(), name: "other" }));
    const [shop] = await listTools(ctx, {});
    assert.equal(shop?.tools.length, NOTES_TOOLS.length - 1);
    assert.deepEqual(shop?.skipped, [{
      name: "search",
      reason: `Cannot use "${file}": "name" is not "search"`,
    }]);
    await assert.rejects(callTool(ctx, { owner: "shop", tool: "search", args: {} }), {
      code: "BAD_STORE",
    });
  });
});

Deno.test("callTool() answers with the body and, for a refusal, the error to end with", async () => {
  await withTempFolder(async (folder) => {
    const ctx = fakeContext({ home: folder });
    const home = openHome(ctx);
    await using site = new Site(({ target }) =>
      target === "/notes/1"
        ? Response.json({ id: 1 })
        : Response.json({ problem: "gone" }, { status: 410 })
    );
    await writeTool(home, "shop", sampleTool({ origin: site.origin }));
    await writeToken(home, "shop", tokenState({ origins: [site.origin] }));
    const found = await callTool(ctx, { owner: "shop", tool: "get_note", args: { note_id: "1" } });
    assert.deepEqual([found.status, found.json, found.error], [200, { id: 1 }, null]);
    const gone = await callTool(ctx, { owner: "shop", tool: "get_note", args: { note_id: 2 } });
    assert.equal(gone.text, '{"problem":"gone"}');
    assert.equal(gone.error?.code, "UPSTREAM_REFUSED");
    assert.equal(gone.error?.exitCode, 4);
  });
});

Deno.test("callTool() sends credentials in plain text to other machines only when told to", async () => {
  await withTempFolder(async (folder) => {
    const ctx = fakeContext({ home: folder });
    const home = openHome(ctx);
    const origin = "http://intranet.invalid";
    await writeTool(home, "shop", sampleTool({ origin }));
    await writeToken(home, "shop", tokenState({ origins: [origin] }));
    const call = { owner: "shop", tool: "get_note", args: { note_id: 1 } };
    await assert.rejects(callTool(ctx, call), (error: AppError) => {
      assert.equal(error.code, "ORIGIN_REFUSED");
      assert.match(error.hint ?? "", /KEYSMITH_ALLOW_HTTP=1/);
      return true;
    });
    const allowed = {
      ...ctx,
      env: { get: (name: string) => name === "KEYSMITH_ALLOW_HTTP" ? "1" : undefined },
    };
    await assert.rejects(callTool(allowed, call), { code: "UNREACHABLE" });
  });
});

Deno.test("exportOpenApi() describes an app with the security of its login", async () => {
  await withRecording("demo", async (ctx, har) => {
    const { document, left } = await exportOpenApi(ctx, { app: "shop" });
    assert.deepEqual(left, []);
    assert.deepEqual(Object.keys(document["paths"] as object).sort(), [
      "/api/notes",
      "/api/notes/{note_id}",
      "/api/profile",
      "/api/search",
    ]);
    const { securitySchemes } = document["components"] as {
      securitySchemes: Record<string, object>;
    };
    assert.deepEqual(securitySchemes["bearer"], { type: "http", scheme: "bearer" });
    assertNoCredential(JSON.stringify(document), har);
  });
});
