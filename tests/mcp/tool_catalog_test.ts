import assert from "node:assert/strict";
import { ToolCatalog } from "../../lib/mcp/tool_catalog.ts";
import { DiskNews, watchDisk } from "../../lib/mcp/disk_watch.ts";
import { pageOf } from "../../lib/mcp/list_pages.ts";
import type { Client } from "@modelcontextprotocol/client";
import { diskSignature } from "../../lib/ops/disk_signature.ts";
import { openHome } from "../../lib/store/home.ts";
import { loadConfig } from "../../lib/store/load_config.ts";
import { writeToken } from "../../lib/token/token_file.ts";
import { writeTool } from "../../lib/tools/tool_store.ts";
import type { Context } from "../../lib/base/context.ts";
import { type Desk, startDesk } from "../resolve/desk.ts";
import { tokenState } from "../support/token_home.ts";
import { withConnection } from "./in_process.ts";
import { sampleTool } from "../tools/sample_tool.ts";

/** A desk and, beside it, a service whose document is answered when the test says so. */
async function withSlowOwner(
  work: (desk: Desk, answer: () => void, asked: () => number) => Promise<void>,
): Promise<void> {
  const answered = Promise.withResolvers<void>();
  let asked = 0;
  await using desk = await startDesk(() => Response.json({}));
  const document = await Deno.readTextFile(`${desk.folder}/api.json`);
  await using slow = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async () => {
      asked++;
      await answered.promise;
      return new Response(document, { headers: { "content-type": "application/json" } });
    },
  );
  const services = {
    desk: { openapi: "api.json" },
    slow: { openapi: `http://127.0.0.1:${slow.addr.port}/api.json` },
    broken: { openapi: "missing.json" },
  };
  await Deno.writeTextFile(`${desk.folder}/keysmith.json`, JSON.stringify({ services }));
  await work(desk, answered.resolve, () => asked);
  answered.resolve();
}

function namesIn(tools: ReadonlyMap<string, unknown>, owner: string): string[] {
  return [...tools.keys()].filter((name) => name.startsWith(`${owner}_`));
}

Deno.test("ToolCatalog keeps nobody waiting for an owner that is slow or broken", async () => {
  await withSlowOwner(async (desk, answer, asked) => {
    const catalog = new ToolCatalog(desk.context(), { only: [], deadlineMs: 1_500 });
    // On a busy machine the first reading of a document takes as long as the slow one.
    await catalog.find("desk_listTickets");
    const changed = Promise.withResolvers<void>();
    catalog.onChange(changed.resolve);
    for (let times = 0; times < 3; times++) {
      const tools = await catalog.refresh();
      assert.equal(namesIn(tools, "desk").length, 3);
      assert.equal(namesIn(tools, "slow").length, 0);
    }
    assert.equal(asked(), 1, "The document is asked for once");
    const states = new Map(catalog.status().map((status) => [status.owner, status]));
    assert.equal(states.get("desk")?.state, "ready");
    assert.equal(states.get("slow")?.state, "loading");
    assert.equal(states.get("broken")?.state, "failed");
    assert.match(states.get("broken")?.problem ?? "", /no file.*missing\.json/);
    answer();
    await changed.promise;
    assert.equal(namesIn(await catalog.refresh(), "slow").length, 3);
  });
});

Deno.test("ToolCatalog finds a tool of one owner without asking the others", async () => {
  await withSlowOwner(async (desk, _, asked) => {
    const catalog = new ToolCatalog(desk.context(), { only: [], deadlineMs: 60_000 });
    assert.equal((await catalog.find("desk_listTickets"))?.summary.name, "listTickets");
    assert.equal(await catalog.find("desk_nothing"), undefined);
    assert.equal(asked(), 0);
  });
});

Deno.test("ToolCatalog never gives a name to another owner's tool, whichever documents can be read", async () => {
  await using desk = await startDesk(() => Response.json({}));
  const services = { c: { openapi: "c.json" }, c_a: { openapi: "c_a.json" } };
  await Deno.writeTextFile(`${desk.folder}/keysmith.json`, JSON.stringify({ services }));
  const document = (operationId: string) =>
    JSON.stringify({
      openapi: "3.1.0",
      info: { title: "t", version: "1" },
      servers: [{ url: "http://127.0.0.1:9" }],
      paths: { "/x": { get: { operationId } } },
    });
  const sound: [string, string][] = [["c", "a_b"], ["c_a", "b"]];
  for (const broken of [null, "c", "c_a"]) {
    for (const [owner, id] of sound) {
      const text = owner === broken ? "{" : document(id);
      await Deno.writeTextFile(`${desk.folder}/${owner}.json`, text);
    }
    // Each name is looked for first by a server that has listed nothing.
    const found = ["c__a_b", "c_a__b", "c_a_b"].map(async (name) => {
      const tool = await new ToolCatalog(desk.context(), { only: [] }).find(name);
      return tool?.owner ?? null;
    });
    const expected = ["c", "c_a", null].map((owner) => owner === broken ? null : owner);
    assert.deepEqual(await Promise.all(found), expected, `${broken}`);
  }
});

Deno.test("DiskNews is told of apps, tools, tokens and configuration", async () => {
  await using desk = await startDesk(() => Response.json({}));
  const ctx: Context = { ...desk.context(), heldConfig: { last: null, problem: null } };
  const home = openHome(ctx);
  let nowMs = 0;
  const news = new DiskNews(() => nowMs);
  const isNews = async () => news.isNew(await diskSignature(ctx));
  assert.equal(await isNews(), false, "the first look");
  await new ToolCatalog(ctx, { only: [] }).refresh();
  assert.equal(await isNews(), false, "a list that was asked for changes nothing");
  const changes: [string, () => Promise<unknown>][] = [
    ["an app and a tool", () => writeTool(home, "shop", sampleTool())],
    ["another tool", () => writeTool(home, "shop", sampleTool({ name: "other" }))],
    ["a login", () => writeToken(home, "shop", tokenState())],
    ["a renewed token", () => writeToken(home, "shop", tokenState({ refresh_token: "another-1" }))],
    ["a logout", () => Deno.remove(home.appFile("shop", "token.json"))],
    ["the configuration", () => desk.configure({ service: { attach: ["bearer"] } })],
    ["another document of a service", async () => {
      await Deno.copyFile(`${desk.folder}/api.json`, `${desk.folder}/more.json`);
      await desk.configure({ service: { refs: ["more.json"] } });
    }],
    ["a document", () => desk.document({ info: { title: "changed" } })],
  ];
  for (const [what, change] of changes) {
    await change();
    assert.equal(await isNews(), true, what);
    assert.equal(await isNews(), false, what);
    nowMs += 400_000;
  }
  await writeToken(home, "shop", tokenState());
  assert.equal(await isNews(), true);
  await writeToken(home, "shop", tokenState({ refresh_token: "another-2" }));
  assert.equal(await isNews(), false, "Tokens that are renewed every minute are no news each time");
});

Deno.test("a client is told that its list is another one whatever changes on the disk", async () => {
  await using desk = await startDesk(() => Response.json({}));
  await desk.configure({});
  const ctx = desk.context();
  const home = openHome(ctx);
  const told: PromiseWithResolvers<void>[] = [];
  const prepare = (client: Client) =>
    client.setNotificationHandler("notifications/tools/list_changed", () => {
      told.shift()?.resolve();
    });
  await withConnection(ctx, { prepare }, async ({ client, catalog }) => {
    const file = home.appFile("shop", "tools/get_note.json");
    const changes: [change: () => Promise<unknown>, shown: string | null][] = [
      [() => writeTool(home, "shop", sampleTool()), "shop_get_note"],
      [() => writeTool(home, "shop", sampleTool({ name: "other" })), "shop_other"],
      [
        () => Deno.writeTextFile(file, JSON.stringify(sampleTool({ description: "Edited." }))),
        null,
      ],
      [() => writeToken(home, "shop", tokenState()), null],
      [() => Deno.remove(home.appFile("shop", "token.json")), null],
      [() => desk.document({ paths: { "/new": { get: { operationId: "new" } } } }), "desk_new"],
      [() => desk.configure({ service: { tools: { match: ["*tick*"] } } }), null],
    ];
    const names = async () =>
      (await client.listTools(undefined, { cacheMode: "refresh" })).tools.map(({ name }) => name);
    assert.ok(!(await names()).includes("shop_get_note"));
    const held: Context = { ...ctx, heldConfig: { last: await loadConfig(ctx), problem: null } };
    const stop = await watchDisk(held, () => catalog.changed(), 20);
    try {
      for (const [change, shown] of changes) {
        const news = Promise.withResolvers<void>();
        told.push(news);
        await change();
        await news.promise;
        if (shown !== null) assert.ok((await names()).includes(shown), shown);
      }
    } finally {
      stop();
    }
  });
});

Deno.test("pageOf() shows every entry once, however they come and go", () => {
  const entries = Array.from({ length: 50 }, (_, index) => ({
    name: `tool_${String(index).padStart(2, "0")}`,
    size: 120,
  }));
  const seen: string[] = [];
  let cursor: string | undefined;
  let all = entries.toReversed();
  do {
    const page = pageOf(all, cursor, 1_000)!;
    assert.ok(page.entries.length > 0 && page.entries.length <= 8);
    seen.push(...page.entries.map(({ name }) => name));
    cursor = page.nextCursor;
    // What was shown last is gone when the next page is asked for.
    all = all.filter(({ name }) => name !== seen.at(-1));
  } while (cursor !== undefined);
  assert.deepEqual(seen, entries.map(({ name }) => name));
  for (const bad of ["x", "c".repeat(100_000), "bm9uc2Vuc2U", "../../etc"]) {
    assert.equal(pageOf(entries, bad), null, bad.slice(0, 20));
  }
  assert.equal(
    pageOf([{ name: "large", size: 5_000 }], undefined, 1_000)?.entries.length,
    1,
  );
});
