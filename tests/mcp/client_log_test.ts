import assert from "node:assert/strict";
import type { Client } from "@modelcontextprotocol/client";
import { startDesk } from "../resolve/desk.ts";
import { withConnection } from "./in_process.ts";

interface Entry {
  readonly level: string;
  readonly logger: string;
  readonly data: unknown;
}

/** Where the client's log ends up. */
function listening(entries: Entry[]) {
  return (client: Client) =>
    client.setNotificationHandler("notifications/message", ({ params }) => {
      entries.push(params as unknown as Entry);
    });
}

const LIST = { name: "desk_listTickets", arguments: {} };

Deno.test("a client that chose a level hears of each call and of what cannot be offered", async () => {
  await using desk = await startDesk(() => Response.json({ tickets: [] }));
  const services = { desk: { openapi: "api.json" }, broken: { openapi: "missing.json" } };
  await Deno.writeTextFile(`${desk.folder}/keysmith.json`, JSON.stringify({ services }));
  const entries: Entry[] = [];
  await withConnection(desk.context(), { prepare: listening(entries) }, async ({ client }) => {
    await client.listTools();
    const [first, ...more] = entries;
    assert.deepEqual([first?.level, first?.logger, more.length], ["warning", "keysmith", 0]);
    assert.match(String(first?.data), /skipped broken: There is no file ".*missing\.json"/);
    await client.callTool(LIST);
    assert.equal(entries.length, 1, "Calls are told to who asked for it");
    await client.setLoggingLevel("debug");
    await client.callTool(LIST);
    assert.deepEqual([entries[1]?.level, entries[1]?.logger], ["debug", LIST.name]);
    assert.equal((entries[1]?.data as { outcome: string }).outcome, "answered");
    await client.callTool({ name: LIST.name, arguments: { limit: "many" } });
    assert.deepEqual([entries[2]?.level, (entries[2]?.data as { outcome: string }).outcome], [
      "info",
      "failed",
    ]);
    await client.setLoggingLevel("error");
    await client.callTool({ name: LIST.name, arguments: { limit: "many" } });
    assert.equal(entries.length, 3);
  });
});

Deno.test("a client hears once that the configuration broke, and that it can be read again", async () => {
  await using desk = await startDesk(() => Response.json({}));
  await desk.configure({});
  const entries: Entry[] = [];
  await withConnection(desk.context(), { prepare: listening(entries) }, async ({ client }) => {
    await client.listTools();
    const file = `${desk.folder}/keysmith.json`;
    const sound = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, '{"services": {"desk": {"openapi": 5}}}');
    for (const _ of [1, 2]) {
      const { tools } = await client.listTools();
      assert.ok(tools.some(({ name }) => name === LIST.name), "What it said before is in force");
    }
    await Deno.writeTextFile(file, sound);
    await client.listTools();
    assert.deepEqual(entries.map(({ level, logger }) => [level, logger]), [
      ["warning", "keysmith"],
      ["warning", "keysmith"],
    ]);
    assert.match(String(entries[0]?.data), /cannot be read, what it said before .*keysmith\.json/);
    assert.match(String(entries[1]?.data), /can be read again/);
  });
});

Deno.test("a client of 2026 hears of a request what it asks for with it", async () => {
  await using desk = await startDesk(() => Response.json({ tickets: [] }));
  await desk.configure({});
  const entries: Entry[] = [];
  const mode = { pin: "2026-07-28" } as const;
  const options = { mode, prepare: listening(entries) };
  await withConnection(desk.context(), options, async ({ client }) => {
    await client.callTool(LIST);
    assert.deepEqual(entries, []);
    const _meta = { "io.modelcontextprotocol/logLevel": "debug" };
    await client.callTool({ ...LIST, _meta } as never);
    assert.deepEqual(entries.map(({ level, logger }) => [level, logger]), [["debug", LIST.name]]);
  });
});

Deno.test("the log holds no secret", async () => {
  const secret = "invented-token-9137";
  await using desk = await startDesk(() => Response.json({}));
  const services = { desk: { openapi: `${secret}.json` } };
  await Deno.writeTextFile(`${desk.folder}/keysmith.json`, JSON.stringify({ services }));
  const entries: Entry[] = [];
  const ctx = desk.context();
  ctx.redactor.add(secret);
  await withConnection(ctx, { prepare: listening(entries) }, async ({ client }) => {
    await client.listTools();
    assert.match(String(entries[0]?.data), /There is no file ".*‹secret›/);
  });
});
