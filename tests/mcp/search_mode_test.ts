import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { LIST_BUDGET_BYTES } from "../../lib/mcp/tool_catalog.ts";
import { openHome } from "../../lib/store/home.ts";
import { type Desk, startDesk } from "../resolve/desk.ts";
import { keysmithCommand } from "../support/keysmith.ts";
import { largeDocument } from "./large_document.ts";
import { RawClient, textOf } from "./mcp_home.ts";

const FINDERS = ["call_tool", "describe_tool", "search_tools"];

/** A desk whose document has as many operations, all of them answered with their path. */
async function withLargeDesk(operations: number, work: (desk: Desk) => Promise<void>) {
  await using desk = await startDesk(({ path }) => Response.json({ path }));
  const document = largeDocument(operations, desk.origin);
  await Deno.writeTextFile(`${desk.folder}/api.json`, JSON.stringify(document));
  await work(desk);
}

function clientOf(desk: Desk, ...args: string[]): RawClient {
  const config = `${desk.folder}/keysmith.json`;
  return new RawClient(openHome(desk.context()), ["--config", config, ...args]);
}

interface ListPage {
  readonly tools: readonly { name: string; description: string }[];
  readonly nextCursor?: string;
}

async function listedBy(client: RawClient): Promise<ListPage["tools"]> {
  // Waits longer than a list does, so that a busy machine lists no less.
  await client.request("tools/call", { name: "search_tools", arguments: {} });
  const tools: ListPage["tools"][number][] = [];
  let cursor: string | undefined;
  do {
    const params = cursor === undefined ? {} : { cursor };
    const page = (await client.request("tools/list", params)).result as unknown as ListPage;
    tools.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return tools;
}

Deno.test("serveMcp() has the tools of a large document searched for, described and called", async (t) => {
  await withLargeDesk(400, async (desk) => {
    await using client = clientOf(desk, "--pin", "*region3_*task*");
    await client.initialize();
    await t.step("the list: the finders, and what is pinned", async () => {
      const tools = await listedBy(client);
      assert.ok(JSON.stringify(tools).length < LIST_BUDGET_BYTES);
      const names = tools.map(({ name }) => name);
      assert.deepEqual(names.filter((name) => !name.startsWith("desk_")), [
        "call_tool",
        "describe_tool",
        "keysmith_login",
        "keysmith_status",
        "search_tools",
      ]);
      assert.equal(names.filter((name) => name.startsWith("desk_region3_")).length, 1);
    });
    let found = "";
    await t.step("a search in words, with a filter", async () => {
      const query = { query: "show a calendar", path: "/region7" };
      const { structuredContent } = await client.call("search_tools", query);
      const { tools, total } = structuredContent as {
        tools: { name: string; description: string; arguments: string[] }[];
        total: number;
      };
      assert.ok(total <= 10, "ten operations are below the path");
      assert.match(tools[0]!.description, /^GET \/region7\/calendars\//);
      assert.ok(tools[0]!.arguments.includes("calendar-id"));
      found = tools[0]!.name;
    });
    await t.step("without a question by name, some at a time", async () => {
      const seen = new Set<string>();
      for (let offset = 0;;) {
        const page = (await client.call("search_tools", { tag: "region1*", limit: 50, offset }))
          .structuredContent as { tools: { name: string }[]; nextOffset?: number };
        for (const { name } of page.tools) seen.add(name);
        if (page.nextOffset === undefined) break;
        offset = page.nextOffset;
      }
      assert.equal(seen.size, 110, "region1, and region10 to region19");
    });
    await t.step("a description with the arguments", async () => {
      const { structuredContent } = await client.call("describe_tool", { name: found });
      const schema = structuredContent!.inputSchema as { required: string[] };
      assert.deepEqual(schema.required, ["calendar-id"]);
    });
    await t.step("a call through call_tool, and by the name itself", async () => {
      const args = { "calendar-id": "a b" };
      for (
        const answer of [
          await client.call("call_tool", { name: found, arguments: args }),
          await client.call("call_tool", { name: found, arguments: JSON.stringify(args) }),
          await client.call(found, args),
        ]
      ) {
        assert.deepEqual(answer.structuredContent, { path: "/region7/calendars/a%20b" });
      }
    });
    await t.step("a name that is none", async () => {
      for (const name of ["describe_tool", "call_tool"]) {
        const answer = await client.call(name, { name: "desk_region7_calender" });
        assert.equal(answer.isError, true);
        assert.match(
          textOf(answer),
          /^No tool is named "desk_region7_calender"\nhint: Near: desk_/,
        );
      }
      assert.equal((await client.call("call_tool", { name: found, arguments: [1] })).isError, true);
    });
  });
});

Deno.test("serveMcp() lists what --tools, filters and configuration choose", async () => {
  await withLargeDesk(400, async (desk) => {
    const tools = { tags: ["region2*"], timeouts: { "*": 5 } };
    await desk.configure({ service: { tools } });
    await using client = clientOf(desk, "--tools", "all", "--path", "/region21", "--method", "get");
    await client.initialize();
    const names = (await listedBy(client)).map(({ name }) => name);
    assert.equal(names.filter((name) => name.startsWith("desk_")).length, 10);
    assert.ok(!FINDERS.some((name) => names.includes(name)));
    await desk.configure({ service: { tools: { tags: ["region5"] } } });
    assert.equal((await listedBy(client)).filter(({ name }) => name.startsWith("desk_")).length, 0);
  });
});

/** More than are described when a document is compiled. As many as Microsoft Graph has: 11422, half a minute. */
const HUGE = Number(Deno.env.get("KEYSMITH_OPERATIONS") ?? 3_010);

Deno.test("a huge document lists and calls in every revision's client, at the first start too", async () => {
  await withLargeDesk(HUGE, async (desk) => {
    const { program, args } = keysmithCommand();
    for (const mode of ["legacy", "auto"] as const) {
      const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
      await client.connect(
        new StdioClientTransport({
          command: program,
          args: [...args, "mcp", "stdio", "--config", `${desk.folder}/keysmith.json`],
          env: { ...Deno.env.toObject(), KEYSMITH_HOME: desk.home },
          stderr: "inherit",
        }),
      );
      try {
        // The first start reads longer than a list waits: the finders are there all the same.
        const { tools } = await client.listTools();
        assert.deepEqual(
          tools.map(({ name }) => name).filter((name) => FINDERS.includes(name)),
          FINDERS,
        );
        const name = "search_tools";
        const query = { query: "read a drive", path: "/region300" };
        const search = await client.callTool({ name, arguments: query });
        const [first] = (search.structuredContent as { tools: { name: string }[] }).tools;
        const call = { name: first!.name, arguments: { "drive-id": "17" } };
        const answer = await client.callTool({ name: "call_tool", arguments: call });
        assert.deepEqual(answer.structuredContent, { path: "/region300/drives/17" });
      } finally {
        await client.close();
      }
    }
  });
});
