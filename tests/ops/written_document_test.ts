import assert from "node:assert/strict";
import { loadService } from "../../lib/ops/service_catalog.ts";
import { Home } from "../../lib/store/home.ts";
import { startDesk } from "../resolve/desk.ts";

Deno.test("loadService() waits for a document that is being written, and says what is wrong with one that is not", async () => {
  await using desk = await startDesk(() => Response.json({}));
  const path = `${desk.folder}/api.json`;
  const whole = await Deno.readTextFile(path);
  const load = () => loadService(desk.context(), new Home(desk.home), "desk");
  for (const part of ["", whole.slice(0, whole.length / 2)]) {
    await Deno.writeTextFile(path, part);
    // Changed this moment, however long this test waits for its turn.
    const soon = new Date(Date.now() + 60_000);
    await Deno.utime(path, soon, soon);
    const loading = load();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await Deno.writeTextFile(path, whole);
    assert.equal((await loading).service.name, "desk");
  }
  await Deno.writeTextFile(path, "{");
  await Deno.utime(path, new Date(0), new Date(0));
  await assert.rejects(load(), { code: "BAD_INPUT" });
});
