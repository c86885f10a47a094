import assert from "node:assert/strict";
import { SECOND } from "../../fixtures/apps/parts/accounts.ts";
import { openFixture } from "../../fixtures/apps/recording.ts";
import type { Context } from "../../lib/base/context.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { analyzeTools } from "../../lib/ops/analyze_tools.ts";
import { callTool } from "../../lib/ops/call_tool.ts";
import { importCapture } from "../../lib/ops/import_capture.ts";
import { login } from "../../lib/ops/login.ts";
import type { ToolDefinition } from "../../lib/tools/definition.ts";
import { fakeContext } from "../support/fake_context.ts";
import { withTempFolder } from "../support/temp_folder.ts";

/** One application for each place where a credential may stand, and one whose token expires at once. */
const STYLES: readonly { name: string; lifetimeSec?: number }[] = [
  { name: "demo", lifetimeSec: 1 },
  { name: "token_query" },
  { name: "token_body_json" },
  { name: "token_form_field" },
  { name: "graphql_variables" },
  { name: "jsonrpc_params" },
  { name: "double_submit" },
  { name: "digest" },
  { name: "two_credentials" },
];

Deno.test("callTool() has every derived tool answer another user than the recorded one", async (t) => {
  for (const { name, lifetimeSec } of STYLES) {
    await t.step(name, async () => {
      const options = lifetimeSec === undefined ? {} : { tokenLifetimeSec: lifetimeSec };
      const fixture = await openFixture(name, options);
      try {
        await withTempFolder(async (folder) => {
          const answer = (label: string) => Promise.resolve(fixture.answerPrompt(SECOND, label));
          const ctx = await loggedIn(folder, fixture.har, answer);
          const { tools } = await analyzeTools(ctx, { app: "notes" });
          assert.ok(tools.length >= 3);
          for (const tool of tools) await checkTool(ctx, tool);
        });
      } finally {
        await fixture.running.stop();
      }
    });
  }
});

async function loggedIn(
  folder: string,
  har: string,
  answer: (label: string) => Promise<string>,
): Promise<Context> {
  const fake = fakeContext({ home: `${folder}/home` });
  const ctx: Context = {
    ...fake,
    clock: { nowMs: () => Date.now() },
    term: { ...fake.term, promptText: answer, promptSecret: answer },
  };
  await Deno.writeTextFile(`${folder}/recording.har`, har);
  await importCapture(ctx, { app: "notes", files: [`${folder}/recording.har`] });
  assert.equal((await analyzeAuth(ctx, { app: "notes" })).result, "script");
  await login(ctx, { app: "notes", yes: true });
  return ctx;
}

async function checkTool(ctx: Context, tool: ToolDefinition): Promise<void> {
  const { parameters } = tool as unknown as { parameters: { required?: string[] } };
  const args = Object.fromEntries(
    (parameters.required ?? []).map((name) => [name, argumentFor(name)]),
  );
  const result = await callTool(ctx, { owner: "notes", tool: tool.name, args });
  // The second user may not have the note that is asked for.
  const isAbsent = result.status === 404 && /note/.test(tool.name);
  assert.ok(result.error === null || isAbsent, `${tool.name}: ${result.error?.message}`);
  if (/profile/.test(tool.name)) assert.ok(result.text?.includes(SECOND.name), result.text ?? "");
}

function argumentFor(name: string): string {
  return /id$/.test(name) ? "1041" : "list";
}
