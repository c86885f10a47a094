import assert from "node:assert/strict";
import { readCatalog } from "../../lib/openapi/catalog.ts";
import { argumentSchema } from "../../lib/openapi/argument_schema.ts";
import { readDocument } from "../../lib/openapi/document.ts";
import { openCompiled, writeCompiled } from "../../lib/ops/compiled_catalog.ts";
import { listTools } from "../../lib/ops/list_tools.ts";
import { listOperations } from "../../lib/ops/service_listing.ts";
import { callServiceTool } from "../../lib/ops/call_service.ts";
import { loadConfig } from "../../lib/store/load_config.ts";
import { type Desk, startDesk } from "../resolve/desk.ts";
import { withTempFolder } from "../support/temp_folder.ts";

async function namesOf(desk: Desk): Promise<string[]> {
  const [listed] = await listTools(desk.context(), { owner: "desk" });
  return listed!.tools.map(({ name }) => name);
}

function filesIn(desk: Desk): string[] {
  const folder = `${desk.home}/catalogs`;
  return [...Deno.readDirSync(folder)].map(({ name }) => `${folder}/${name}`).toSorted();
}

function recordsOf(desk: Desk): string {
  const [path, ...more] = filesIn(desk).filter((name) => name.endsWith(".records"));
  assert.equal(more.length, 0, "one catalog for one document");
  return path!;
}

/** Other bytes of the same length, under the same times: whoever read it would see. */
async function spoilUnseen(path: string): Promise<void> {
  const { size, atime, mtime } = await Deno.stat(path);
  await Deno.writeTextFile(path, "x".repeat(size));
  await Deno.utime(path, atime!, mtime!);
}

function spoilAt(path: string, at: number): void {
  const bytes = Deno.readFileSync(path);
  bytes[at]! ^= 0x55;
  Deno.writeFileSync(path, bytes);
}

Deno.test("a second start reads no document", async () => {
  await using desk = await startDesk(() => Response.json({ ok: true }));
  const names = await namesOf(desk);
  await spoilUnseen(`${desk.folder}/api.json`);
  assert.deepEqual(await namesOf(desk), names);
  const { response } = await callServiceTool(desk.context(), {
    service: "desk",
    tool: "listTickets",
    args: { limit: 2 },
  });
  assert.equal(response.status, 200);
  assert.equal(desk.requests[0]?.path, "/tickets?limit=2");
  for (const path of filesIn(desk)) {
    assert.equal(Deno.statSync(path).mode! & 0o777, 0o600, path);
  }
});

Deno.test("a document that says something else is read again, one that was only touched is not compiled again", async () => {
  await using desk = await startDesk(() => Response.json({}));
  await namesOf(desk);
  const made = Deno.statSync(recordsOf(desk)).ino;
  const later = new Date(Date.now() + 60_000);
  await Deno.utime(`${desk.folder}/api.json`, later, later);
  await namesOf(desk);
  assert.equal(Deno.statSync(recordsOf(desk)).ino, made);
  await desk.document({ paths: { "/only": { get: { operationId: "only" } } } });
  assert.deepEqual(await namesOf(desk), ["only"]);
  recordsOf(desk);
});

Deno.test("a damaged catalog is made anew", async () => {
  await using desk = await startDesk(() => Response.json({ ok: true }));
  const names = await namesOf(desk);
  const size = Deno.statSync(recordsOf(desk)).size;
  // Format, sizes, head, first record, last record.
  for (const at of [3, 21, 40, 200, size - 600, size - 2]) {
    spoilAt(recordsOf(desk), at);
    assert.deepEqual(await namesOf(desk), names, `byte ${at}`);
    const ctx = desk.context();
    const calls = names.map((tool) =>
      callServiceTool(ctx, {
        service: "desk",
        tool,
        args: tool === "deleteTicket" ? { id: "1" } : {},
      })
    );
    assert.ok((await Promise.all(calls)).every(({ response }) => response.status === 200));
  }
  await Deno.writeTextFile(recordsOf(desk), "");
  assert.deepEqual(await namesOf(desk), names);
  for (const path of filesIn(desk)) await Deno.writeTextFile(path, "{");
  assert.deepEqual(await namesOf(desk), names);
});

Deno.test("a home that cannot be written to costs no service", async () => {
  await using desk = await startDesk(() => Response.json({}));
  await Deno.mkdir(desk.home, { recursive: true });
  await Deno.writeTextFile(`${desk.home}/catalogs`, "in the way");
  assert.equal((await namesOf(desk)).length, 3);
});

Deno.test("the compiled catalog says what the document says, operation by operation", async () => {
  const root = new URL("./", import.meta.resolve("@readme/oas-examples/package.json"));
  const documents = ["3.0/json/star-trek.json", "3.0/json/callbacks.json", "2.0/json/petstore.json"]
    .concat(["3.1/json/webhooks.json", "3.0/json/discriminators.json", "3.1/json/circular.json"]);
  await using desk = await startDesk(() => Response.json({}));
  const service = (await loadConfig(desk.context())).services.get("desk")!;
  await withTempFolder(async (folder) => {
    let compared = 0;
    for (const name of documents) {
      const text = await Deno.readTextFile(new URL(name, root)).catch(() => null);
      if (text === null) continue;
      const whole = readCatalog(readDocument(text, `/documents/${name}`));
      const path = `${folder}/${compared}.records`;
      await writeCompiled(path, whole, listOperations(whole, service));
      const compiled = openCompiled(path)!;
      assert.deepEqual(
        compiled.operations.map(({ tool }) => tool),
        whole.operations.map(({ tool }) => tool),
      );
      assert.deepEqual(compiled.skipped, whole.skipped);
      assert.deepEqual([...compiled.schemes], [...whole.schemes]);
      assert.deepEqual(
        JSON.parse(JSON.stringify(compiled.document.root)),
        JSON.parse(JSON.stringify(whole.document.root)),
      );
      for (const operation of whole.operations) {
        assert.deepEqual(compiled.find(operation.tool), operation);
        assert.deepEqual(argumentSchema(compiled, operation), argumentSchema(whole, operation));
        compared++;
      }
    }
    assert.ok(compared > 60, `${compared} operations compared`);
  });
});
