import assert from "node:assert/strict";
import { startDesk } from "../resolve/desk.ts";
import { withConnection } from "./in_process.ts";
import { textOf, type ToolAnswer } from "./mcp_home.ts";

/** A service that answers nothing until it is told to. */
async function withSilentDesk(
  work: (desk: Awaited<ReturnType<typeof startDesk>>) => Promise<void>,
) {
  const over = Promise.withResolvers<Response>();
  await using desk = await startDesk(() => over.promise as never);
  try {
    await work(desk);
  } finally {
    over.resolve(new Response());
  }
}

const PATHS = Object.fromEntries(
  ["export_all", "export_one", "list"].map((
    operationId,
  ) => [`/${operationId}`, { get: { operationId } }]),
);
const TOOLS = { timeoutSec: 0.2, timeouts: { "export_*": 0.3, export_one: 0.1 } };

Deno.test("a call may take what it says itself, else its tool, its service, the server", async () => {
  await withSilentDesk(async (desk) => {
    await desk.document({ paths: PATHS });
    const cases: { tools: unknown; call: string; own?: unknown; seconds: number }[] = [
      { tools: TOOLS, call: "list", seconds: 0.2 },
      { tools: TOOLS, call: "export_all", seconds: 0.3 },
      { tools: TOOLS, call: "export_one", seconds: 0.1 },
      { tools: TOOLS, call: "export_all", own: 0.15, seconds: 0.15 },
      { tools: { timeouts: { "list*": 0.25 } }, call: "list", seconds: 0.25 },
      { tools: { timeouts: { "list*": 0.25 } }, call: "export_one", seconds: 0.35 },
      { tools: {}, call: "list", own: "0.15", seconds: 0.15 },
    ];
    for (const { tools, call, own, seconds } of cases) {
      await desk.configure({ service: { tools } });
      await withConnection(desk.context(), { timeoutMs: 350 }, async ({ client }) => {
        const _meta = own === undefined ? {} : { _meta: { "keysmith/timeoutSeconds": own } };
        const answer = await client.callTool({ name: `desk_${call}`, arguments: {}, ..._meta });
        assert.equal(answer.isError, true);
        const text = textOf(answer as unknown as ToolAnswer);
        assert.ok(text.includes(`no answer within ${seconds} s`), `${call}: ${text}`);
      });
    }
    await withConnection(desk.context(), {}, async ({ client }) => {
      for (const own of ["long", "", -1, 0, 3_601, true, [60], { seconds: 60 }]) {
        const _meta = { "keysmith/timeoutSeconds": own };
        const call = client.callTool({ name: "desk_list", arguments: {}, _meta });
        await assert.rejects(call, (error: Error) => {
          assert.match(error.message, /"keysmith\/timeoutSeconds" .* above 0, at most 3600/);
          return error.message.includes(JSON.stringify(own));
        });
      }
    });
  });
});
