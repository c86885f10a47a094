import assert from "node:assert/strict";
import type { ListToolsResult } from "@modelcontextprotocol/client";
import { type Desk, PATHS, startDesk } from "../resolve/desk.ts";
import { KeptLists } from "../../lib/ops/kept_lists.ts";
import { type ConnectionOptions, REVISIONS, withConnection } from "./in_process.ts";

/** The list of a server that begins and ends with it, and which owners' tools it made for it. */
async function listOf(desk: Desk, options: ConnectionOptions = {}) {
  const seen: string[] = [];
  const ctx = desk.context();
  const term = { ...ctx.term, err: (line: string) => seen.push(line) };
  let tools: ListToolsResult["tools"] = [];
  let made: string[] = [];
  await withConnection({ ...ctx, term } as typeof ctx, options, async ({ client, catalog }) => {
    ({ tools } = await client.listTools());
    made = catalog.status().filter(({ tools }) => tools > 0).map(({ owner }) => owner);
  });
  return { tools, made, said: seen };
}

function listFiles(desk: Desk): string[] {
  return [...Deno.readDirSync(`${desk.home}/catalogs`)].map(({ name }) => name)
    .filter((name) => name.endsWith(".list"));
}

Deno.test("a list that was sent before is sent again without a catalog, to every revision, and says what is skipped", async () => {
  await using desk = await startDesk(() => Response.json({ ok: true }));
  const broken = { get: { operationId: "broken", parameters: [{ $ref: "#/nowhere" }] } };
  await desk.document({ paths: { ...PATHS, "/broken": broken } });
  const first = await listOf(desk);
  assert.deepEqual(first.made, ["desk"]);
  assert.match(first.said.join("\n"), /skipped desk broken/);
  assert.deepEqual(listFiles(desk).length, 1);
  for (const mode of REVISIONS) {
    const second = await listOf(desk, { mode });
    assert.deepEqual(second.tools, first.tools);
    assert.deepEqual(second.made, []);
    assert.deepEqual(second.said, first.said);
  }
});

Deno.test("a kept list is made anew for other documents, settings and options, and where it is damaged", async () => {
  await using desk = await startDesk(() => Response.json({ ok: true }));
  const whole = (await listOf(desk)).tools.map(({ name }) => name);
  const changes: [string, ConnectionOptions, () => Promise<unknown>][] = [
    ["a filter", {}, () => desk.configure({ service: { tools: { methods: ["GET"] } } })],
    ["no filter", {}, () => desk.configure({})],
    ["an option", { readOnly: true }, () => Promise.resolve()],
    [
      "a document",
      {},
      () => desk.document({ paths: { "/only": { get: { operationId: "only" } } } }),
    ],
  ];
  for (const [what, options, change] of changes) {
    await change();
    assert.deepEqual((await listOf(desk, options)).made, ["desk"], what);
    assert.deepEqual((await listOf(desk, options)).made, [], what);
  }
  const [only] = (await listOf(desk)).tools.filter(({ name }) => name.startsWith("desk_"));
  assert.equal(only!.name, "desk_only");
  assert.ok(!whole.includes("desk_only"));
  for (const name of listFiles(desk)) {
    await Deno.writeTextFile(`${desk.home}/catalogs/${name}`, "spoilt");
  }
  assert.ok((await listOf(desk)).tools.some(({ name }) => name === "desk_only"));
});

Deno.test("KeptLists keeps pages that a list leads to, those of one state, and nothing for a made-up cursor", async () => {
  await using desk = await startDesk(() => Response.json({}));
  await listOf(desk);
  const lists = new KeptLists(desk.context());
  const before = listFiles(desk);
  const json = '{"tools":[]}';
  const page = (nextCursor?: string) => ({ json, said: [], nextCursor });
  const one = { list: "one", state: "1" };
  lists.keep(one, "made-up", page());
  lists.keep(one, undefined, page("second"));
  lists.keep(one, "second", page());
  await lists.close();
  assert.equal(listFiles(desk).length - before.length, 2);
  assert.equal(await lists.page(one, "made-up"), null);
  assert.equal(await lists.page({ ...one, state: "2" }, undefined), null);
  assert.equal((await lists.page(one, undefined))?.nextCursor, "second");
  assert.equal(new TextDecoder().decode((await lists.page(one, "second"))!.json), json);
  lists.keep({ ...one, state: "2" }, undefined, page());
  await lists.close();
  assert.equal(listFiles(desk).length - before.length, 1, "pages of the state before are gone");
});
