import assert from "node:assert/strict";
import { join } from "node:path";
import { startDesk } from "../resolve/desk.ts";
import { keysmithWithin } from "../support/keysmith.ts";

Deno.test("keysmith call --all and --stream print items", async () => {
  await using desk = await startDesk(({ path, method }) => {
    if (method === "POST") {
      const lines = '{"id":9007199254740993}\nplain\n';
      return new Response(lines, { headers: { "content-type": "application/x-ndjson" } });
    }
    const next = path.includes("skip") ? {} : { link: '</tickets?skip=1>; rel="next"' };
    return Response.json([{ path }], { headers: next });
  });
  const run = async (...words: string[]) => {
    const args = ["call", "desk", ...words, "--config", join(desk.folder, "keysmith.json")];
    const { code, stdout, stderr } = await keysmithWithin(args, { home: desk.home });
    assert.equal(code, 0, stderr);
    return { stdout, stderr };
  };
  const all = await run("listTickets", "--all");
  assert.deepEqual(JSON.parse(all.stdout), [{ path: "/tickets" }, { path: "/tickets?skip=1" }]);
  const capped = await run("listTickets", "--all", "--max-pages", "1");
  assert.match(capped.stderr, /there may be more: 1 pages were asked for/);
  const json = JSON.parse((await run("listTickets", "--all", "--max-pages", "1", "--json")).stdout);
  assert.deepEqual([json.items.length, json.complete], [1, false]);
  const raw = await run("listTickets", "--all", "-o", "raw");
  assert.equal(raw.stdout, '[{"path":"/tickets"}][{"path":"/tickets?skip=1"}]');
  const stream = await run("createTicket", "--body", "{}", "--stream");
  assert.equal(stream.stdout, '{"id":9007199254740993}\nplain\n');
  const events = await run("createTicket", "--body", "{}", "--stream", "--json");
  assert.equal(events.stdout, '{"json":{"id":9007199254740993}}\n{"text":"plain"}\n');
});
