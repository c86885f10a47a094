/** A dry run names the places of credentials that the recording showed for this tool, and no others. */
import assert from "node:assert/strict";
import { previewCall } from "../../lib/ops/preview_call.ts";
import type { ToolCredentials } from "../../lib/tools/definition.ts";
import { writeTool } from "../../lib/tools/tool_store.ts";
import { writeToken } from "../../lib/token/token_file.ts";
import { fakeContext } from "../support/fake_context.ts";
import { APP, ORIGIN, tokenState, withApp } from "../support/token_home.ts";
import { sampleTool } from "../tools/sample_tool.ts";

const TOKEN = tokenState({
  headers: { Authorization: "Bearer access-1" },
  query_params: { token: "secret-in-query-1" },
  body_params: { "auth.key": "secret-in-body-1" },
});

const CASES: readonly [what: string, places: ToolCredentials | null, expected: string[]][] = [
  ["a tool without parameters for it", { query: [], body: [] }, ["header Authorization"]],
  ["a tool whose address had it", { query: ["token"], body: [] }, [
    "header Authorization",
    'query parameter "token"',
  ]],
  ["a tool whose body had it", { query: [], body: ["auth.key"] }, [
    "header Authorization",
    'body parameter "auth.key"',
  ]],
  ["a tool of which nothing is known", null, [
    "header Authorization",
    'query parameter "token"',
    'body parameter "auth.key"',
  ]],
];

for (const [what, credentials, expected] of CASES) {
  Deno.test(`previewCall() of ${what}`, () =>
    withApp(async (home) => {
      await writeToken(home, APP, TOKEN);
      await writeTool(home, APP, sampleTool({ name: "peek", origin: ORIGIN, credentials }));
      const ctx = { ...fakeContext(), homeOption: home.root };
      const preview = await previewCall(ctx, { owner: APP, tool: "peek", args: { note_id: 7 } });
      assert.deepEqual(preview.places, expected);
      assert.ok(!JSON.stringify(preview).includes("secret-in"));
    }));
}

Deno.test("previewCall() takes a tool's request for its name, and says where several have it", () =>
  withApp(async (home) => {
    const tool = sampleTool({ name: "peek", origin: ORIGIN });
    await writeTool(home, APP, tool);
    const ctx = { ...fakeContext(), homeOption: home.root };
    const request = `${tool.method.toLowerCase()} ${tool.path}`;
    const ask = (tool: string) => previewCall(ctx, { owner: APP, tool, args: { note_id: 7 } });
    assert.equal((await ask(request)).url, (await ask("peek")).url);
    await assert.rejects(ask("GET /nowhere"), { code: "NOT_FOUND" });
    await assert.rejects(ask("GET /note/{note_id}"), {
      hint: `Did you mean "GET /notes/{note_id}"? All of them: keysmith tools list ${APP}`,
    });
    await writeTool(home, APP, { ...tool, name: "peek_again" });
    await assert.rejects(ask(request), { code: "USAGE", hint: "Name one of peek, peek_again" });
  }));

Deno.test("previewCall() names the page of a token with the arguments in its address", () =>
  withApp(async (home) => {
    const page = { path: "/notes/{note_id}/edit", query: [["tab", "a b"]] } as const;
    const from = { kind: "meta", name: "csrf-token" } as const;
    const fetches = [{ name: "csrf", header: "X-CSRF", from, ...page }];
    await writeTool(home, APP, sampleTool({ name: "peek", origin: ORIGIN, fetches }));
    const ctx = { ...fakeContext(), homeOption: home.root };
    const { lines } = await previewCall(ctx, { owner: APP, tool: "peek", args: { note_id: "7" } });
    assert.equal(lines[0], `"csrf" is fetched from ${ORIGIN}/notes/7/edit?tab=a+b first`);
  }));
